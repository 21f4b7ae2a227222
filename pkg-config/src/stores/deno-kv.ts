import type { Store, StoredValue } from "../edge-types.js";
import { optionInvalid, pageSize, refuseOthers } from "../store-support/common.js";

type Key = readonly (string | number)[];

interface Entry {
  key: readonly unknown[];
  value: unknown;
  versionstamp: string | null;
}

interface Atomic {
  check(check: { key: Key; versionstamp: string | null }): Atomic;
  set(key: Key, value: unknown, options?: { expireIn?: number }): Atomic;
  delete(key: Key): Atomic;
  commit(): Promise<{ ok: boolean; versionstamp?: string }>;
}

/** What `Deno.openKv()` resolves to. */
export interface DenoKv {
  get(key: Key): Promise<Entry>;
  getMany(keys: readonly Key[]): Promise<Entry[]>;
  list(selector: { prefix: Key; start: Key }, options: { batchSize: number }): AsyncIterable<Entry>;
  atomic(): Atomic;
}

export interface DenoKvStoreOptions {
  /** The first part of all keys in Deno KV, 1 to 64 characters. Default: `zendesk-auth`. */
  prefix?: string;
}

/** Characters of one part; Deno KV takes values of up to 64 KiB, and may need two bytes for each. */
const partLength = 30_000;
const mostParts = 10;
const mostListed = 400;
/** Entries that one page looks at before it ends, though what has expired left it short. */
const mostRead = 1000;

/** With random waits in between, of 200 ms in the end and four seconds in all on average. */
const mostTries = 40;

/** What lies under a key: the first part of the value, and what a reader or writer must know of the rest. */
interface Head {
  value: string;
  parts: number;
  expiresAt?: number;
}

/**
 * Keeps everything in one Deno KV. A write is one atomic operation that checks the key's versionstamp; reads are
 * strongly consistent. A value too long for one entry lies in several, all written by one operation.
 *
 * @throws {ZendeskAuthError} `configuration_invalid`, `option_unknown`
 */
export function denoKvStore(kv: DenoKv, options: DenoKvStoreOptions = {}): Store {
  const { prefix: space = "zendesk-auth", ...others } = options;
  refuseOthers(others);
  if (typeof space !== "string" || space.length < 1 || space.length > 64) {
    throw optionInvalid("prefix", "this must have 1 to 64 characters");
  }
  if (typeof kv?.atomic !== "function") throw optionInvalid("kv", "this must be what `Deno.openKv()` resolves to");
  const place = (key: string): Key => [space, "value", key];
  const part = (key: string, index: number): Key => [space, "part", key, index];

  /** Writes or deletes if the head is still at that versionstamp. */
  async function replace(
    key: string,
    old: { versionstamp: string | null; parts: number },
    next?: { value: string; expiresAt: number | undefined },
  ): Promise<string | undefined> {
    const [value = "", ...rest] = next ? split(next.value) : [];
    const version: Omit<Version, "versionstamp"> = { parts: rest.length };
    if (next?.expiresAt !== undefined) version.expiresAt = Math.floor(next.expiresAt);
    const { expiresAt } = version;
    const expiry = expiresAt === undefined ? undefined : { expireIn: Math.max(1, expiresAt - Date.now()) };
    const { ok, versionstamp } = await patiently(() => {
      const operation = kv.atomic().check({ key: place(key), versionstamp: old.versionstamp });
      if (next) operation.set(place(key), { value, ...version } satisfies Head, expiry);
      else operation.delete(place(key));
      for (const [index, text] of rest.entries()) operation.set(part(key, index), text, expiry);
      for (let index = rest.length; index < old.parts; index++) operation.delete(part(key, index));
      return operation.commit();
    });
    return ok ? write({ versionstamp: versionstamp as string, ...version }) : undefined;
  }

  /** The whole value of an entry; undefined where it has expired. */
  async function whole(key: string, { value: head, versionstamp }: Entry): Promise<StoredValue | undefined> {
    if (versionstamp === null) return undefined;
    const { value, parts, expiresAt } = head as Head;
    const version: Version = { versionstamp, parts, ...(expiresAt !== undefined && { expiresAt }) };
    if (isOver(version)) return undefined;
    if (parts === 0) return { value, version: write(version) };
    const rest = await kv.getMany(Array.from({ length: parts }, (_, index) => part(key, index)));
    // One operation wrote head and parts; another one since then would have left another stamp.
    if (rest.every((each) => each.versionstamp === versionstamp)) {
      return { value: [value, ...rest.map((each) => each.value)].join(""), version: write(version) };
    }
    const now = await kv.get(place(key));
    if (now.versionstamp !== versionstamp) return whole(key, now);
    // By Deno's clock the rest has expired already.
    if (expiresAt !== undefined) return undefined;
    throw new Error(`a part of the value of ${key} is missing`);
  }

  return {
    get: async (key) => whole(key, await kv.get(place(key))),

    async put(key, value, { expectedVersion, expiresAt }) {
      const next = { value, expiresAt };
      if (expectedVersion !== null) {
        const old = parse(expectedVersion);
        return old && !isOver(old) ? replace(key, old, next) : undefined;
      }
      const created = await replace(key, { versionstamp: null, parts: 0 }, next);
      if (created !== undefined) return created;
      // What has expired may lie there for a while yet.
      const { value: head, versionstamp } = await kv.get(place(key));
      if (versionstamp === null) return replace(key, { versionstamp, parts: 0 }, next);
      const old = { versionstamp, ...(head as Head) };
      return isOver(old) ? replace(key, old, next) : undefined;
    },

    async delete(key, { expectedVersion }) {
      const old = parse(expectedVersion);
      return old !== undefined && !isOver(old) && (await replace(key, old)) !== undefined;
    },

    async list(prefix, { cursor, limit } = {}) {
      const size = pageSize(limit, mostListed);
      // The least key after the cursor is the cursor with a zero behind it.
      const start = place(cursor?.startsWith(prefix) ? `${cursor}\0` : prefix);
      const found: { key: string; value: Promise<StoredValue | undefined> }[] = [];
      let read = 0;
      let last = "";
      let next: string | undefined;
      for await (const entry of kv.list({ prefix: [space, "value"], start }, { batchSize: size + 1 })) {
        const key = entry.key.at(-1) as string;
        if (!key.startsWith(prefix)) break;
        if (found.length === size || read === mostRead) {
          next = last;
          break;
        }
        read++;
        last = key;
        const { value, versionstamp } = entry;
        if (versionstamp !== null && !isOver({ ...(value as Head) })) found.push({ key, value: whole(key, entry) });
      }
      const values = await Promise.all(found.map(({ value }) => value));
      const entries = found.flatMap(({ key }, at) => {
        const value = values[at];
        return value ? [{ key, ...value }] : [];
      });
      return next === undefined ? { entries } : { entries, cursor: next };
    },
  };
}

/** Of two processes with one file Deno lets one fail where it might wait; nothing has been written then. */
async function patiently<T>(commit: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await commit();
    } catch (error) {
      if (tries === mostTries || !/database is (locked|busy)/i.test(String(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * tries));
    }
  }
}

/** A version says what a writer would otherwise have to read first. */
interface Version {
  versionstamp: string;
  parts: number;
  expiresAt?: number;
}

function write({ versionstamp, parts, expiresAt }: Version): string {
  return `${versionstamp}.${parts}.${expiresAt ?? ""}`;
}

function parse(version: string): Version | undefined {
  const [, versionstamp, parts, expiresAt] = /^([0-9a-f]{20})\.(\d)\.(\d{0,16})$/.exec(version) ?? [];
  if (versionstamp === undefined) return undefined;
  return { versionstamp, parts: Number(parts), ...(expiresAt && { expiresAt: Number(expiresAt) }) };
}

function isOver({ expiresAt }: { expiresAt?: number }): boolean {
  return expiresAt !== undefined && expiresAt <= Date.now();
}

function split(value: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < value.length || at === 0; at += partLength) parts.push(value.slice(at, at + partLength));
  if (parts.length > mostParts)
    throw new RangeError(`a value of ${value.length} characters is too long for this store`);
  return parts;
}

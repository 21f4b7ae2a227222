import type { Store, StoredValue, StorePage } from "../../edge-types.js";

/** What one test works with: several openings of one store, and keys that nobody else uses. */
export interface Bench {
  store: Store;
  /** The same content through another opening, as another isolate would have it. */
  other: Store;
  /** What all keys of this test begin with; ends in a slash. */
  space: string;
  /** Writers at once in a race. */
  writers: number;
}

export type Case = [name: string, run: (bench: Bench) => Promise<void>];

export function check(holds: unknown, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

/** Also for lists and objects, by their JSON. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(a === e, `${what}: expected ${shortened(e)}, got ${shortened(a)}`);
}

function shortened(text: string | undefined): string {
  if (text === undefined) return "nothing";
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
}

/** Writes what is not there, and returns its version. */
export async function create(store: Store, key: string, value: string, expiresAt?: number): Promise<string> {
  const expiry = expiresAt === undefined ? {} : { expiresAt };
  const version = await store.put(key, value, { expectedVersion: null, ...expiry });
  check(typeof version === "string" && version !== "", `put of the new key ${key} returned no version`);
  return version;
}

export async function replace(store: Store, key: string, value: string, expectedVersion: string): Promise<string> {
  const version = await store.put(key, value, { expectedVersion });
  check(typeof version === "string" && version !== "", `put of ${key} at its version was refused`);
  return version;
}

export async function expect(store: Store, key: string, expected: StoredValue | undefined): Promise<void> {
  const stored = await store.get(key);
  check(stored !== null, `get of ${key} resolved to null: what is not there is undefined`);
  equal(stored && [stored.value, stored.version], expected && [expected.value, expected.version], `get of ${key}`);
}

/** All pages of a listing. */
export async function pages(store: Store, prefix: string, limit?: number): Promise<StorePage[]> {
  const found: StorePage[] = [];
  const cursors = new Set<string>();
  for (let cursor: string | undefined; ; ) {
    const page = await store.list(prefix, {
      ...(cursor !== undefined && { cursor }),
      ...(limit !== undefined && { limit }),
    });
    check(page.entries.length <= (limit ?? 100), `a page holds ${page.entries.length} entries, over the limit`);
    found.push(page);
    cursor = page.cursor;
    if (cursor === undefined) return found;
    check(typeof cursor === "string", "a cursor is a string");
    check(!cursors.has(cursor), "a cursor came a second time, so this listing never ends");
    cursors.add(cursor);
  }
}

/** The keys of a whole listing, sorted; fails where one comes twice or does not begin with the prefix. */
export async function keysOf(store: Store, prefix: string, limit?: number): Promise<string[]> {
  const keys = (await pages(store, prefix, limit)).flatMap(({ entries }) => entries.map(({ key }) => key));
  for (const key of keys) check(key.startsWith(prefix), `the list of ${prefix} holds ${key}`);
  equal(keys.length, new Set(keys).size, `keys in the list of ${prefix}, each counted once`);
  return keys.sort();
}

export function times<T>(count: number, work: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => work(index));
}

/** The last of this many writes is done before the next begins; the rest run beside each other. */
export async function inGroups<T>(items: T[], size: number, work: (item: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += size) await Promise.all(items.slice(at, at + size).map(work));
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

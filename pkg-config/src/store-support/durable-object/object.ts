import type { StoredValue } from "../../edge-types.js";
import { newVersion } from "../common.js";
import { ask, type Folder, type Name, type Question } from "./questions.js";
import type { DurableObjectNamespace, DurableObjectState } from "./types.js";

type Put = Extract<Question, { ask: "put" }>;

interface StoredRecord extends StoredValue {
  expiresAt?: number;
  /** Where it is listed. */
  name: string;
  ticket: string;
  folder: string;
}

/**
 * One object for each key, which is the lock on it, and one for each folder of keys, which lists their names. Every key
 * with a value is listed: it is added before its value is written, and struck after the value is gone. What a crash
 * leaves listed too much is struck when a listing meets it. Reads and writes of storage let no other request in between
 * (input gates); waiting for another object does, so whatever changes a listing takes its turn.
 */
export class StoreObject {
  readonly #state: DurableObjectState;
  readonly #env: unknown;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(state: DurableObjectState, env: unknown) {
    this.#state = state;
    this.#env = env;
  }

  async fetch(request: Request): Promise<Response> {
    const answer = await this.#answer((await request.json()) as Question);
    return new Response(JSON.stringify(answer ?? null));
  }

  async alarm(): Promise<void> {
    await this.#inTurn(async () => {
      const record = await this.#record();
      if (!record?.expiresAt) return;
      if (record.expiresAt > Date.now()) await this.#state.storage.setAlarm(record.expiresAt);
      else await this.#forget(record);
    });
  }

  async #answer(question: Question): Promise<unknown> {
    switch (question.ask) {
      case "get":
        return shown(await this.#live());
      case "put":
        return question.expectedVersion === null ? this.#create(question) : this.#replace(question);
      case "delete":
        return this.#delete(question.expectedVersion);
      case "listed":
        return this.#listed(question);
      case "names":
        return this.#names(question);
      case "add":
        return this.#add(question);
      case "strike":
        return this.#strike(question);
    }
  }

  // A record.

  async #record(): Promise<StoredRecord | undefined> {
    return (await this.#state.storage.get("record")) as StoredRecord | undefined;
  }

  async #live(): Promise<StoredRecord | undefined> {
    const record = await this.#record();
    return record && (record.expiresAt ?? Number.POSITIVE_INFINITY) > Date.now() ? record : undefined;
  }

  #create(put: Put): Promise<string | undefined> {
    return this.#inTurn(async () => {
      if (await this.#live()) return undefined;
      const [folder] = put.folders as [Folder];
      const listing = { name: put.key.slice(folder.path.length), ticket: newVersion() };
      await ask(this.#objects(), this.#objects().idFromString(folder.id), {
        ask: "add",
        ...listing,
        folders: put.folders,
      });
      return this.#write(put, { ...listing, folder: folder.id }, await this.#record());
    });
  }

  async #replace(put: Put): Promise<string | undefined> {
    const old = await this.#live();
    return old && old.version === put.expectedVersion ? this.#write(put, old, old) : undefined;
  }

  async #write(
    { value, expiresAt }: Put,
    { name, ticket, folder }: Pick<StoredRecord, "name" | "ticket" | "folder">,
    old: StoredRecord | undefined,
  ): Promise<string> {
    const { storage } = this.#state;
    const version = newVersion();
    const record: StoredRecord = {
      value,
      version,
      name,
      ticket,
      folder,
      ...(expiresAt !== undefined && { expiresAt }),
    };
    // Begun together, they are written together.
    const writes = [storage.put({ record })];
    if (expiresAt !== undefined) writes.push(storage.setAlarm(expiresAt));
    else if (old?.expiresAt !== undefined) writes.push(storage.deleteAlarm());
    await Promise.all(writes);
    return version;
  }

  #delete(expectedVersion: string): Promise<boolean> {
    return this.#inTurn(async () => {
      const record = await this.#live();
      if (record?.version !== expectedVersion) return false;
      await this.#forget(record);
      return true;
    });
  }

  async #forget(record: StoredRecord): Promise<void> {
    const { storage } = this.#state;
    await Promise.all([record.expiresAt === undefined ? undefined : storage.deleteAlarm(), storage.deleteAll()]);
    await this.#strikeFrom(record.folder, record);
  }

  async #listed({ name, ticket, folder }: Extract<Question, { ask: "listed" }>): Promise<StoredValue | undefined> {
    const record = await this.#live();
    if (record) return shown(record);
    // Not waited for: the listing is right without it.
    this.#inTurn(async () => {
      if (!(await this.#live())) await this.#strikeFrom(folder, { name, ticket });
    }).catch(() => {});
    return undefined;
  }

  /** The value is gone already, and that is what counts: a listing too much is struck another time. */
  async #strikeFrom(folder: string, { name, ticket }: Name): Promise<void> {
    const objects = this.#objects();
    await ask(objects, objects.idFromString(folder), { ask: "strike", name, ticket }).catch(() => {});
  }

  // A folder.

  async #names({ prefix, after, limit }: Extract<Question, { ask: "names" }>): Promise<Name[]> {
    const listed = await this.#state.storage.list({
      prefix: `name/${prefix}`,
      ...(after !== undefined && { startAfter: `name/${after}` }),
      limit,
    });
    return [...listed].map(([key, ticket]) => ({ name: key.slice("name/".length), ticket: String(ticket) }));
  }

  async #add({ name, ticket, folders }: Extract<Question, { ask: "add" }>): Promise<void> {
    const { storage } = this.#state;
    const [own, ...above] = folders as [Folder, ...Folder[]];
    const [parent] = above;
    if (parent && !(await storage.get("listed"))) {
      // A folder stays listed when it is empty again, so its own listing needs no ticket.
      const inParent = { name: own.path.slice(parent.path.length), ticket: "" };
      const objects = this.#objects();
      await ask(objects, objects.idFromString(parent.id), { ask: "add", ...inParent, folders: above });
    }
    await storage.put({ listed: true, [`name/${name}`]: ticket });
  }

  /** Another ticket is that of a later value under the same key. */
  async #strike({ name, ticket }: Name): Promise<void> {
    const { storage } = this.#state;
    if ((await storage.get(`name/${name}`)) === ticket) await storage.delete(`name/${name}`);
  }

  // Both.

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  /** The binding that this object came from, whatever its name: the one that knows its id. */
  #objects(): DurableObjectNamespace {
    for (const binding of Object.values(Object(this.#env)) as Partial<DurableObjectNamespace>[]) {
      if (typeof binding?.idFromString !== "function") continue;
      try {
        binding.idFromString(this.#state.id.toString());
        return binding as DurableObjectNamespace;
      } catch {
        // Of another class.
      }
    }
    throw new Error("the class StoreObject has no binding in the worker that exports it");
  }
}

function shown(record: StoredRecord | undefined): StoredValue | undefined {
  return record && { value: record.value, version: record.version };
}

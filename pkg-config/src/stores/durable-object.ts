import type { Store, StoredValue } from "../edge-types.js";
import { optionInvalid, pageSize } from "../store-support/common.js";
import { ask, foldersOf, recordName } from "../store-support/durable-object/questions.js";
import type { DurableObjectNamespace } from "../store-support/durable-object/types.js";
import { walk } from "../store-support/durable-object/walk.js";

export { StoreObject } from "../store-support/durable-object/object.js";
export type { DurableObjectNamespace, DurableObjectState } from "../store-support/durable-object/types.js";

/** A page is one request to a folder's object and one to each record's; a worker may make a thousand. */
const mostListed = 250;

/**
 * Keeps each key in a Durable Object of its own, which is the lock on it; other objects list them by folder, so that
 * writes of one connection wait for no other's. The worker exports `StoreObject`, binds it to a name of its choice as
 * an SQLite-backed class, and passes the binding, or a jurisdiction of it: `durableObjectStore(env.STORE)`.
 *
 * @throws {ZendeskAuthError} `configuration_invalid`
 */
export function durableObjectStore(objects: DurableObjectNamespace): Store {
  if (typeof objects?.idFromName !== "function") {
    throw optionInvalid("objects", "this must be the binding of the class StoreObject");
  }
  const record = (key: string) => objects.idFromName(recordName(key));

  return {
    async get(key) {
      return (await ask<StoredValue | null>(objects, record(key), { ask: "get" })) ?? undefined;
    },

    async put(key, value, { expectedVersion, expiresAt }) {
      const version = await ask<string | null>(objects, record(key), {
        ask: "put",
        key,
        folders: expectedVersion === null ? foldersOf(key, objects) : [],
        value,
        expectedVersion,
        ...(expiresAt !== undefined && { expiresAt: Math.floor(expiresAt) }),
      });
      return version ?? undefined;
    },

    delete: (key, { expectedVersion }) => ask<boolean>(objects, record(key), { ask: "delete", expectedVersion }),

    async list(prefix, { cursor, limit } = {}) {
      const { keys, cursor: next } = await walk(objects, prefix, cursor, pageSize(limit, mostListed));
      const values = await Promise.all(
        keys.map(({ key, ...listing }) => ask<StoredValue | null>(objects, record(key), { ask: "listed", ...listing })),
      );
      const entries = keys.flatMap(({ key }, at) => {
        const stored = values[at];
        return stored ? [{ key, ...stored }] : [];
      });
      return next === undefined ? { entries } : { entries, cursor: next };
    },
  };
}

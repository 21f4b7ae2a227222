import type { Store, StoredValue } from "../edge-types.js";

interface Entry extends StoredValue {
  expiresAt: number;
}

export interface MemoryStoreOptions {
  /** The present, in milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
}

/** Writes between two sweeps for what has expired and is never asked for again. */
const sweepEvery = 256;

/** Keeps everything in this isolate and forgets it with it: for tests, and for trying things out. */
export function memoryStore({ now = Date.now }: MemoryStoreOptions = {}): Store {
  const entries = new Map<string, Entry>();
  let writes = 0;

  function live(key: string): Entry | undefined {
    const entry = entries.get(key);
    if (!entry || entry.expiresAt > now()) return entry;
    entries.delete(key);
    return undefined;
  }

  return {
    async get(key) {
      const entry = live(key);
      return entry && { value: entry.value, version: entry.version };
    },

    async put(key, value, { expectedVersion, expiresAt = Number.POSITIVE_INFINITY }) {
      if ((live(key)?.version ?? null) !== expectedVersion) return undefined;
      // Never used again, not even for a key that was deleted and written anew.
      const version = String(++writes);
      entries.set(key, { value, version, expiresAt });
      if (writes % sweepEvery === 0) for (const each of entries.keys()) live(each);
      return version;
    },

    async delete(key, { expectedVersion }) {
      return live(key)?.version === expectedVersion && entries.delete(key);
    },

    async list(prefix, { cursor = "", limit = 100 } = {}) {
      const keys = [...entries.keys()].filter((key) => key.startsWith(prefix) && key > cursor && live(key)).sort();
      const page = keys.slice(0, limit).map((key) => {
        const { value, version } = entries.get(key) as Entry;
        return { key, value, version };
      });
      const last = page.at(-1);
      return last && keys.length > page.length ? { entries: page, cursor: last.key } : { entries: page };
    },
  };
}

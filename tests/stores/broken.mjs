import { setImmediate as later } from "node:timers/promises";

/**
 * @typedef {import("zendesk-auth/edge").Store} Store
 * @typedef {{ value: string, version: string, expiresAt: number }} Entry
 *
 * @typedef {object} Parts
 * @property {(key: string, value: string) => string} version
 * @property {(key: string) => Entry | undefined} live
 * @property {(key: string, value: string, expiresAt?: number) => string} write
 * @property {(prefix: string) => string[]} matching
 * @property {Map<string, Entry>} entries
 */

/**
 * A store that is right, in parts that can be made wrong one at a time.
 * @param {(right: Store & Parts) => Partial<Store & Parts>} [change]
 * @returns {Store & Parts}
 */
export function sound(change = () => ({})) {
  let writes = 0;
  /** @type {Store & Parts} */
  const store = {
    entries: new Map(),
    version: () => String(++writes),
    live(key) {
      const entry = store.entries.get(key);
      return entry && entry.expiresAt > Date.now() ? entry : undefined;
    },
    write(key, value, expiresAt = Number.POSITIVE_INFINITY) {
      const version = store.version(key, value);
      store.entries.set(key, { value, version, expiresAt });
      return version;
    },
    matching: (prefix) => [...store.entries.keys()].filter((key) => key.startsWith(prefix) && store.live(key)).sort(),

    get: async (key) => store.live(key),
    async put(key, value, { expectedVersion, expiresAt }) {
      return (store.live(key)?.version ?? null) === expectedVersion ? store.write(key, value, expiresAt) : undefined;
    },
    delete: async (key, { expectedVersion }) =>
      store.live(key)?.version === expectedVersion && store.entries.delete(key),
    async list(prefix, { cursor, limit = 100 } = {}) {
      const keys = store.matching(prefix).filter((key) => cursor === undefined || key > cursor);
      const entries = keys.slice(0, limit).map((key) => ({ key, .../** @type {Entry} */ (store.live(key)) }));
      const last = entries.at(-1);
      return last && keys.length > limit ? { entries, cursor: last.key } : { entries };
    },
  };
  return Object.assign(store, change({ ...store }));
}

/** @param {Parameters<typeof sound>[0]} change */
function wrong(change) {
  const store = sound(change);
  return () => store;
}

/**
 * What is wrong with each, and which tests of the suite have to say so.
 * @type {Record<string, { make: () => Store, makeUnreachable?: () => Store, fails: string[] }>}
 */
export const broken = {
  "no compare-and-set: it reads, compares, and then writes": {
    make: wrong((right) => ({
      async put(key, value, { expectedVersion, expiresAt }) {
        if ((right.live(key)?.version ?? null) !== expectedVersion) return undefined;
        await later();
        return right.write(key, value, expiresAt);
      },
    })),
    fails: [
      "of many who create a key at once one succeeds",
      "of many who replace a value at once one succeeds",
      "of deletions and replacements at once one succeeds",
      "no increment of a counter is lost",
      "of many who create a key again at once one succeeds",
    ],
  },
  "it writes whatever version is expected": {
    make: wrong((right) => ({ put: async (key, value, { expiresAt }) => right.write(key, value, expiresAt) })),
    fails: ["a key is created only where there is none", "a value is replaced at its version only"],
  },
  "it deletes at any version": {
    make: wrong((right) => ({ delete: async (key) => right.entries.delete(key) })),
    fails: ["a value is deleted at its version only"],
  },
  "its version is a hash of the value": {
    make: wrong(() => ({ version: (_, value) => `${value.length} ${value.slice(0, 40)}` })),
    fails: ["a version never comes back, not with the same value and not after a deletion"],
  },
  "it counts the versions of a key, and forgets the count with it": {
    make: wrong((right) => ({ version: (key) => String(Number(right.entries.get(key)?.version ?? 0) + 1) })),
    fails: ["a version never comes back, not with the same value and not after a deletion"],
  },
  "it takes a prefix for a pattern": {
    make: wrong((right) => ({
      matching(prefix) {
        const [, space = "", rest = ""] = /^([^/]*\/)(.*)$/s.exec(prefix) ?? [];
        const literal = rest.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
        const pattern = new RegExp(`^${literal.replaceAll("%", ".*").replaceAll("_", ".")}`, "s");
        return right.matching(space).filter((key) => pattern.test(key.slice(space.length)));
      },
    })),
    fails: ["a list holds what begins with its prefix, letter by letter, and nothing else"],
  },
  "its pages are counted from the beginning": {
    make: wrong((right) => ({
      async list(prefix, { cursor = "0", limit = 100 } = {}) {
        await later();
        const { entries } = await right.list(prefix, { limit: 1000 });
        const end = Number(cursor) + limit;
        const page = entries.slice(Number(cursor), end);
        return entries.length > end ? { entries: page, cursor: String(end) } : { entries: page };
      },
    })),
    fails: ["a list is whole and exact while others write"],
  },
  "it lists what was there a moment ago": {
    make: wrong((right) => {
      /** @type {Map<string, string[]>} */
      const kept = new Map();
      return {
        matching(prefix) {
          const keys = kept.get(prefix) ?? right.matching(prefix);
          kept.set(prefix, keys);
          return keys.filter((key) => right.live(key));
        },
      };
    }),
    fails: ["what was written is seen at once through another opening of the store"],
  },
  "each opening has a cache of its own": {
    make: (() => {
      const store = sound();
      return () => {
        /** @type {Map<string, ReturnType<Store["get"]>>} */
        const kept = new Map();
        return {
          ...store,
          get(key) {
            const read = kept.get(key) ?? store.get(key);
            kept.set(key, read);
            return read;
          },
        };
      };
    })(),
    fails: ["what was written is seen at once through another opening of the store"],
  },
  "nothing ever expires": {
    make: wrong((right) => ({ live: (key) => right.entries.get(key) })),
    fails: [
      "what has expired is gone for every call",
      "a key whose value has expired can be created again",
      "what has expired before it is written is never there",
    ],
  },
  "a write keeps the expiry of what it replaces": {
    make: wrong((right) => ({
      write: (key, value, expiresAt = right.entries.get(key)?.expiresAt) => right.write(key, value, expiresAt),
    })),
    fails: ["a write decides anew when its value expires"],
  },
  "it cuts values at 64 KiB": {
    make: wrong((right) => ({
      write: (key, value, expiresAt) => right.write(key, value.slice(0, 65_536), expiresAt),
    })),
    fails: ["a value comes back as it was written: 128 KiB"],
  },
  "it takes keys that look alike for the same": {
    make: wrong((right) => ({
      live: (key) => right.live(key.normalize()),
      write: (key, value, expiresAt) => right.write(key.normalize(), value, expiresAt),
    })),
    fails: ["odd keys are keys like others, each its own"],
  },
  "it answers with nothing when it has failed": {
    make: wrong(() => ({})),
    makeUnreachable: sound,
    fails: ["every call to a store that cannot be reached rejects"],
  },
};

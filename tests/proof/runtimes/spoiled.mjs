/**
 * A store that is far away, so that isolates decide on what they read before any of them has written; or (`isBlind`) one that
 * writes over whatever is there, as no store may.
 *
 * @param {import("zendesk-auth/edge").Store} store
 * @param {{ pause?: number, isBlind?: boolean }} how milliseconds before each write of a connection
 * @returns {import("zendesk-auth/edge").Store}
 */
export function spoiled(store, { pause = 0, isBlind = false }) {
  return {
    get: (key) => store.get(key),
    delete: (key, options) => store.delete(key, options),
    list: (prefix, options) => store.list(prefix, options),
    async put(key, value, options) {
      if (pause > 0 && key.startsWith("connections/")) await new Promise((resolve) => setTimeout(resolve, pause));
      if (!isBlind) return store.put(key, value, options);
      for (;;) {
        const present = await store.get(key);
        const version = await store.put(key, value, { ...options, expectedVersion: present?.version ?? null });
        if (version !== undefined) return version;
      }
    },
  };
}

import { type Case, check, create, equal, expect, replace } from "./bench.js";

const never = ["", "0", "1", "null", "undefined", "00000000000000000000", "another version"];

/** What one caller after another sees. */
export const writes: Case[] = [
  [
    "there is nothing under a key that was never written",
    async ({ store, space }) => {
      const key = `${space}none`;
      await expect(store, key, undefined);
      for (const expectedVersion of never) {
        equal(await store.put(key, "1", { expectedVersion }), undefined, `put at version "${expectedVersion}"`);
        equal(await store.delete(key, { expectedVersion }), false, `delete at version "${expectedVersion}"`);
      }
      await expect(store, key, undefined);
    },
  ],
  [
    "a key is created only where there is none",
    async ({ store, space }) => {
      const key = `${space}a`;
      const version = await create(store, key, "first");
      equal(await store.put(key, "second", { expectedVersion: null }), undefined, "put of a key that is there as new");
      await expect(store, key, { value: "first", version });
    },
  ],
  [
    "a value is replaced at its version only",
    async ({ store, space }) => {
      const key = `${space}a`;
      const first = await create(store, key, "1");
      for (const expectedVersion of never) {
        equal(await store.put(key, "x", { expectedVersion }), undefined, `put at version "${expectedVersion}"`);
      }
      const second = await replace(store, key, "2", first);
      equal(await store.put(key, "3", { expectedVersion: first }), undefined, "put at an earlier version");
      await expect(store, key, { value: "2", version: second });
    },
  ],
  [
    "a value is deleted at its version only",
    async ({ store, space }) => {
      const key = `${space}a`;
      const first = await create(store, key, "1");
      const second = await replace(store, key, "2", first);
      for (const expectedVersion of [...never, first]) {
        equal(await store.delete(key, { expectedVersion }), false, `delete at version "${expectedVersion}"`);
      }
      await expect(store, key, { value: "2", version: second });
      equal(await store.delete(key, { expectedVersion: second }), true, "delete at the version");
      await expect(store, key, undefined);
      equal(await store.delete(key, { expectedVersion: second }), false, "delete of what is gone");
      equal(await store.put(key, "3", { expectedVersion: second }), undefined, "put at the version of what is gone");
    },
  ],
  [
    "a version never comes back, not with the same value and not after a deletion",
    async ({ store, space }) => {
      const key = `${space}a`;
      const seen = new Set<string>();
      let version = await create(store, key, "A");
      const see = () => {
        check(!seen.has(version), `the version ${version} was there before`);
        seen.add(version);
      };
      see();
      for (const value of ["B", "A", "A"]) {
        version = await replace(store, key, value, version);
        see();
      }
      for (let round = 0; round < 3; round++) {
        equal(await store.delete(key, { expectedVersion: version }), true, "delete at the version");
        version = await create(store, key, "A");
        see();
      }
      for (const old of seen) {
        if (old === version) continue;
        equal(await store.put(key, "x", { expectedVersion: old }), undefined, "put at a version of long ago");
        equal(await store.delete(key, { expectedVersion: old }), false, "delete at a version of long ago");
      }
    },
  ],
  [
    "a write leaves other keys alone",
    async ({ store, space }) => {
      const names = ["a", "a/b", "A", "ab", "a/"];
      const versions = new Map<string, string>();
      for (const name of names) versions.set(name, await create(store, space + name, name));
      const version = await replace(store, `${space}a`, "changed", versions.get("a") as string);
      equal(await store.delete(`${space}a/b`, { expectedVersion: versions.get("a/b") as string }), true, "delete");
      await expect(store, `${space}a`, { value: "changed", version });
      await expect(store, `${space}a/b`, undefined);
      for (const name of ["A", "ab", "a/"]) {
        await expect(store, space + name, { value: name, version: versions.get(name) as string });
      }
    },
  ],
  [
    "what was written is seen at once through another opening of the store",
    async ({ store, other, space }) => {
      const key = `${space}a`;
      await expect(other, key, undefined);
      equal((await other.list(space)).entries.length, 0, "entries listed before any write");
      const first = await create(store, key, "1");
      await expect(other, key, { value: "1", version: first });
      const second = await replace(other, key, "2", first);
      await expect(store, key, { value: "2", version: second });
      equal((await other.list(space)).entries.length, 1, "entries listed after a write");
      equal(await store.delete(key, { expectedVersion: second }), true, "delete at the other's version");
      await expect(other, key, undefined);
      equal((await other.list(space)).entries.length, 0, "entries listed after a deletion");
    },
  ],
];

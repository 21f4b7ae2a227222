import type { Store } from "../../edge-types.js";
import { type Case, check, create, equal, inGroups, keysOf, pages, replace, sleep, times } from "./bench.js";

const at = (index: number) => String(index).padStart(4, "0");

export const lists: Case[] = [
  [
    "a list holds what begins with its prefix, letter by letter, and nothing else",
    async ({ store, space }) => {
      const names = [
        "a/1",
        "a/2",
        "a/b/3",
        "a",
        "a/",
        "ab",
        "ab/1",
        "a0",
        "A/1",
        "a%",
        "a_1",
        "a*",
        "a?",
        "b/a/1",
        "[a]",
      ];
      await inGroups(names, 8, (name) => create(store, space + name, name));
      const listed: Record<string, string[]> = {
        "a/": ["a/", "a/1", "a/2", "a/b/3"],
        a: ["a", "a%", "a*", "a/", "a/1", "a/2", "a/b/3", "a0", "a?", "a_1", "ab", "ab/1"],
        ab: ["ab", "ab/1"],
        "a/b": ["a/b/3"],
        "a/b/": ["a/b/3"],
        "A/": ["A/1"],
        "a%": ["a%"],
        a_: ["a_1"],
        "a*": ["a*"],
        "[": ["[a]"],
        "": [...names].sort(),
        "c/": [],
        "a/1/": [],
        "/": [],
      };
      for (const [prefix, expected] of Object.entries(listed)) {
        const keys = await keysOf(store, space + prefix);
        equal(
          keys.map((key) => key.slice(space.length)),
          expected,
          `the list of "${prefix}"`,
        );
      }
    },
  ],
  [
    "a list says of each key what get says",
    async ({ store, space }) => {
      const version = await create(store, `${space}a`, "1");
      await replace(store, `${space}a`, "2", version);
      await create(store, `${space}b`, "3");
      const { entries } = await store.list(space);
      equal(entries.length, 2, "entries");
      for (const { key, value, version } of entries) {
        const stored = await store.get(key);
        equal([value, version], [stored?.value, stored?.version], `the entry of ${key}`);
      }
    },
  ],
  [
    "a list comes in pages, each key on one of them",
    async ({ store, space }) => {
      const all = times(23, (index) => `${space}${["a", "b/c", "b/d", "e/f/g"][index % 4]}/${at(index)}`).sort();
      await inGroups(all, 8, (key) => create(store, key, key));
      for (const limit of [1, 2, 7, 22, 23, 24, 100]) {
        equal(await keysOf(store, space, limit), all, `the list in pages of ${limit}`);
      }
      equal(
        await keysOf(store, `${space}b/`, 2),
        all.filter((key) => key.startsWith(`${space}b/`)),
        "a part of it",
      );
      const orders = [3, 5].map(async (limit) =>
        (await pages(store, space, limit)).flatMap(({ entries }) => entries.map(({ key }) => key)),
      );
      equal(await orders[0], await orders[1], "the order of the keys in pages of another size");
    },
  ],
  [
    "a page has 100 entries at the most unless more are asked for",
    async ({ store, space }) => {
      const all = times(120, (index) => `${space}${at(index)}`);
      await inGroups(all, 20, (key) => create(store, key, "1"));
      equal(await keysOf(store, space), all, "the list in pages of the default size");
      equal(await keysOf(store, space, 1000), all, "the list in pages of 1000");
    },
  ],
  [
    "a cursor that somebody made up lists nothing outside the prefix",
    async ({ store, space }) => {
      for (const name of ["a/1", "b/1", "b/2", "c/1"]) await create(store, space + name, name);
      const { cursor = "" } = await store.list(space, { limit: 3 });
      const madeUp = [
        "",
        "x",
        "zzz",
        "b",
        "b/1",
        `${space}a/1`,
        `${space}b/1`,
        `${space}c/`,
        `k${space}a/`,
        "%",
        cursor,
      ];
      for (const each of madeUp) {
        const page = await store.list(`${space}b/`, { cursor: each }).catch(() => undefined);
        for (const { key } of page?.entries ?? []) check(key.startsWith(`${space}b/`), `the list of b/ holds ${key}`);
      }
    },
  ],
  [
    "a list is whole and exact while others write",
    async ({ store, other, space }) => {
      const stays = times(60, (index) => `${space}k/${at(index * 10)}`);
      const gone = times(10, (index) => `${space}k/${at(index * 60 + 5)}`);
      const versions = new Map<string, string>();
      await inGroups([...stays, ...gone], 20, async (key) => versions.set(key, await create(store, key, "0")));
      await inGroups(gone, 20, async (key) => {
        equal(await store.delete(key, { expectedVersion: versions.get(key) as string }), true, "delete");
      });
      const others = writer(other, `${space}k/`, stays, versions);
      try {
        for (const limit of [7, 100, 13, 20, 3]) {
          const entries = (await pages(store, `${space}k/`, limit)).flatMap((page) => page.entries);
          const keys = entries.map(({ key }) => key);
          equal(keys.length, new Set(keys).size, "keys, each counted once");
          const missing = stays.filter((key) => !keys.includes(key));
          equal(missing, [], "keys that are missing, though they were there all the time");
          for (const { key, value } of entries) {
            check(others.written.has(`${key} ${value}`), `${key} was listed with "${value}", which it never was`);
          }
        }
      } finally {
        await others.stop();
      }
      equal(await keysOf(store, `${space}k/`), stays, "the list in the end");
    },
  ],
];

/**
 * Writes without a pause until it is stopped: new values under keys that stay, and other keys among them, a few at a
 * time, that come and go, so that any position in the listing moves.
 */
function writer(
  store: Store,
  prefix: string,
  stays: string[],
  versions: Map<string, string>,
): { written: Set<string>; stop(): Promise<void> } {
  const written = new Set(stays.map((key) => `${key} 0`));
  const passing: string[] = [];
  let isStopped = false;

  async function write(round: number): Promise<void> {
    const stay = stays[(round * 7) % stays.length] as string;
    const pass = `${prefix}${at(((round * 37) % 60) * 10 + 3)}`;
    written.add(`${stay} ${round}`).add(`${pass} ${round}`);
    versions.set(stay, await replace(store, stay, `${round}`, versions.get(stay) as string));
    versions.set(pass, await create(store, pass, `${round}`));
    passing.push(pass);
    if (passing.length > 12) await takeOut();
  }

  async function takeOut(): Promise<void> {
    const key = passing.shift() as string;
    check(await store.delete(key, { expectedVersion: versions.get(key) as string }), "a deletion was refused");
  }

  const work = (async () => {
    for (let round = 1; !isStopped; round++) {
      await write(round);
      await sleep(0);
    }
    while (passing.length > 0) await takeOut();
  })();
  // It is awaited in the end; until then nobody listens.
  work.catch(() => {});
  return {
    written,
    stop() {
      isStopped = true;
      return work;
    },
  };
}

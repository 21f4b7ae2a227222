import { type Bench, type Case, check, create, equal, expect, times } from "./bench.js";

const rounds = 4;

/** Many at once, through both openings. */
export const races: Case[] = [
  [
    "of many who create a key at once one succeeds",
    async (bench) => {
      for (let round = 0; round < rounds; round++) {
        const key = `${bench.space}a${round}`;
        await oneWins(bench, key, (store, index) => store.put(key, `${index}`, { expectedVersion: null }));
      }
    },
  ],
  [
    "of many who replace a value at once one succeeds",
    async (bench) => {
      const key = `${bench.space}a`;
      let expectedVersion = await create(bench.store, key, "0");
      for (let round = 0; round < rounds; round++) {
        expectedVersion = await oneWins(bench, key, (store, index) => store.put(key, `${index}`, { expectedVersion }));
      }
    },
  ],
  [
    "of many who delete a value at once one succeeds",
    async ({ store, other, space, writers }) => {
      const key = `${space}a`;
      for (let round = 0; round < rounds; round++) {
        const expectedVersion = await create(store, key, "1");
        const deleted = await Promise.all(
          times(writers, (index) => (index % 2 ? other : store).delete(key, { expectedVersion })),
        );
        equal(deleted.filter(Boolean).length, 1, "deletions that succeeded");
        await expect(other, key, undefined);
      }
    },
  ],
  [
    "of deletions and replacements at once one succeeds",
    async ({ store, other, space, writers }) => {
      for (let round = 0; round < rounds; round++) {
        const key = `${space}a${round}`;
        const expectedVersion = await create(store, key, "old");
        const written = await Promise.all(
          times(writers, async (index): Promise<string | undefined> => {
            if (index % 2) return (await other.delete(key, { expectedVersion })) ? "deleted" : undefined;
            return store.put(key, `${index}`, { expectedVersion });
          }),
        );
        const done = written.filter((each) => each !== undefined);
        equal(done.length, 1, "writes that succeeded");
        equal((await other.get(key))?.version, done[0] === "deleted" ? undefined : done[0], "the version afterwards");
      }
    },
  ],
  [
    "of creations, deletions and listings at once none disturbs another",
    async ({ store, other, space, writers }) => {
      const key = `${space}a`;
      const versions = new Set<string>();
      await Promise.all(
        times(writers, async (index) => {
          const mine = index % 2 ? other : store;
          for (let round = 0; round < rounds; round++) {
            const created = await mine.put(key, "1", { expectedVersion: null });
            if (created === undefined) continue;
            check(!versions.has(created), "two creations had one version");
            versions.add(created);
            const { entries } = await store.list(space);
            equal(entries[0]?.version, created, "the version listed while nobody else can change it");
            check(await mine.delete(key, { expectedVersion: created }), "a deletion at the version was refused");
          }
        }),
      );
      await expect(store, key, undefined);
      equal((await store.list(space)).entries.length, 0, "entries listed when all is deleted");
      const version = await create(store, key, "2");
      equal((await other.list(space)).entries[0]?.version, version, "the version listed in the end");
    },
  ],
  [
    "no increment of a counter is lost",
    async ({ store, other, space, writers }) => {
      const key = `${space}counter`;
      await create(store, key, "0");
      const each = 3;
      await Promise.all(
        times(Math.min(writers, 10), async (index) => {
          const mine = index % 2 ? other : store;
          for (let done = 0; done < each; ) {
            const stored = await mine.get(key);
            check(stored, "the counter is gone");
            const next = String(Number(stored.value) + 1);
            if ((await mine.put(key, next, { expectedVersion: stored.version })) !== undefined) done++;
          }
        }),
      );
      equal((await store.get(key))?.value, String(Math.min(writers, 10) * each), "the counter");
    },
  ],
];

/** The version that the one who succeeded was given; their value is the one that is stored. */
async function oneWins(
  { store, other, writers }: Bench,
  key: string,
  write: (through: Bench["store"], index: number) => Promise<string | undefined>,
): Promise<string> {
  const versions = await Promise.all(times(writers, (index) => write(index % 2 ? other : store, index)));
  const winners = versions.flatMap((version, index) => (version === undefined ? [] : [{ version, index }]));
  equal(winners.length, 1, `writers of ${writers} that succeeded`);
  const { version, index } = winners[0] as (typeof winners)[number];
  await expect(other, key, { value: `${index}`, version });
  return version;
}

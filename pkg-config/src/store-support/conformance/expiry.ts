import { type Bench, type Case, check, create, equal, expect, keysOf, replace, sleep, times } from "./bench.js";

/** How long values live at first, and how far clocks of store and caller may be apart in a test, in milliseconds. */
const short = 300;
const margin = 150;

/** Runs what must be over before something expires; on a machine that is slow just now once more, with more time. */
async function inTime<T>(work: (expiresAt: number, attempt: number) => Promise<T>): Promise<T & { expiresAt: number }> {
  for (let attempt = 0; ; attempt++) {
    const expiresAt = Date.now() + short * 2 ** attempt;
    const isLate = () => Date.now() >= expiresAt && attempt < 7;
    try {
      const result = await work(expiresAt, attempt);
      if (!isLate()) return { ...result, expiresAt };
    } catch (error) {
      if (!isLate()) throw error;
    }
  }
}

async function until(expiresAt: number): Promise<void> {
  await sleep(Math.max(0, expiresAt - Date.now()) + margin);
}

/** A key whose value was there and has expired, and the version that it had. */
async function expired({ store, space }: Bench): Promise<{ key: string; version: string }> {
  const { key, version, expiresAt } = await inTime(async (expiresAt, attempt) => {
    const key = `${space}a/${attempt}`;
    const version = await create(store, key, "old", expiresAt);
    await expect(store, key, { value: "old", version });
    equal((await keysOf(store, space)).includes(key), true, "whether it is listed before it expires");
    return { key, version };
  });
  await until(expiresAt);
  await expect(store, key, undefined);
  return { key, version };
}

export const expiry: Case[] = [
  [
    "what has expired is gone for every call",
    async (bench) => {
      const { store, other, space } = bench;
      const stays = [`${space}a/x`, `${space}a/y`];
      await create(store, `${space}a/x`, "stays");
      await create(store, `${space}a/y`, "stays longer", Date.now() + 3_600_000);
      const { key, version } = await expired(bench);
      equal(await store.put(key, "x", { expectedVersion: version }), undefined, "put at the version of what expired");
      equal(await other.delete(key, { expectedVersion: version }), false, "delete of what expired");
      for (const limit of [1, 100]) equal(await keysOf(other, `${space}a/`, limit), stays, "the list afterwards");
    },
  ],
  [
    "a key whose value has expired can be created again",
    async (bench) => {
      const { store, other, space } = bench;
      const { key, version: old } = await expired(bench);
      const version = await create(other, key, "new");
      check(version !== old, "the version of what expired came back");
      await expect(store, key, { value: "new", version });
      equal(await keysOf(store, space), [key], "the list");
      await sleep(margin);
      await expect(store, key, { value: "new", version });
    },
  ],
  [
    "of many who create a key again at once one succeeds",
    async (bench) => {
      const { store, other, space, writers } = bench;
      const { key } = await expired(bench);
      const versions = await Promise.all(
        times(writers, (index) => (index % 2 ? other : store).put(key, `${index}`, { expectedVersion: null })),
      );
      equal(versions.filter((version) => version !== undefined).length, 1, "creations that succeeded");
      equal(await keysOf(store, space), [key], "the list");
    },
  ],
  [
    "a write decides anew when its value expires",
    async ({ store, other, space }) => {
      const { kept, shortened, lengthened, version, expiresAt } = await inTime(async (expiresAt, attempt) => {
        const [kept, shortened, lengthened] = ["kept", "shortened", "lengthened"].map(
          (name) => `${space}${attempt}/${name}`,
        ) as [string, string, string];
        const version = await replace(store, kept, "2", await create(store, kept, "1", expiresAt));
        await other.put(shortened, "2", { expectedVersion: await create(store, shortened, "1"), expiresAt });
        const later = { expectedVersion: await create(store, lengthened, "1", expiresAt), expiresAt: expiresAt * 2 };
        await store.put(lengthened, "2", later);
        return { kept, shortened, lengthened, version };
      });
      await until(expiresAt);
      await expect(store, kept, { value: "2", version });
      await expect(store, shortened, undefined);
      equal((await store.get(lengthened))?.value, "2", "a value that expires later now");
      equal(await keysOf(store, kept.replace("kept", "")), [kept, lengthened].sort(), "the list");
    },
  ],
  [
    "what has expired before it is written is never there",
    async ({ store, space }) => {
      const key = `${space}a`;
      await store.put(key, "old", { expectedVersion: null, expiresAt: Date.now() - 1000 });
      await expect(store, key, undefined);
      equal(await keysOf(store, space), [], "the list");
      const version = await create(store, key, "new");
      await expect(store, key, { value: "new", version });
    },
  ],
];

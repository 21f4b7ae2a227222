import type { Store } from "../edge-types.js";
import type { Bench, Case } from "../store-support/conformance/bench.js";
import { expiry } from "../store-support/conformance/expiry.js";
import { rejects } from "../store-support/conformance/failures.js";
import { lists } from "../store-support/conformance/lists.js";
import { races } from "../store-support/conformance/races.js";
import { values } from "../store-support/conformance/values.js";
import { writes } from "../store-support/conformance/writes.js";

/** One test, for whatever test runner there is: `for (const { name, run } of conformance(…)) test(name, run);` */
export interface ConformanceTest {
  name: string;
  /** Rejects with an Error that says what does not hold. Takes seconds at the most. */
  run(): Promise<void>;
}

export interface ConformanceOptions {
  /** Opens a store that cannot reach what is behind it. Default: none, and that its calls reject is not tested. */
  makeUnreachable?: () => Store | Promise<Store>;
  /** Writers that race for one key, 2 to 1000. Default: 20. */
  writers?: number;
}

/**
 * Tests for everything that `Store` promises. Each works on keys of its own, which it deletes afterwards; they may run
 * beside each other, and on a store that is in use. Where a store has a clock of its own, it may differ by 100 ms from the
 * caller's.
 *
 * @param makeStore Opens the store. It is called twice for each test; what it returns must have one content, as two
 *   isolates would see it. It may return the same store every time, which tests less.
 */
export function conformance(
  makeStore: () => Store | Promise<Store>,
  { makeUnreachable, writers = 20 }: ConformanceOptions = {},
): ConformanceTest[] {
  const cases: Case[] = [...writes, ...races, ...lists, ...values, ...expiry];
  if (makeUnreachable) {
    const name = "every call to a store that cannot be reached rejects";
    cases.push([name, async (bench) => rejects(bench, await makeUnreachable())]);
  }
  return cases.map(([name, run]) => ({
    name,
    run: async () => {
      const space = `conformance-${crypto.randomUUID()}/`;
      const bench: Bench = { store: await makeStore(), other: await makeStore(), space, writers };
      try {
        await run(bench);
      } finally {
        await clear(bench).catch(() => {});
      }
    },
  }));
}

/** Ends also where the listing does not. */
async function clear({ store, space }: Bench): Promise<void> {
  for (let page = 0; page < 100; page++) {
    const { entries } = await store.list(space);
    if (entries.length === 0) return;
    await Promise.all(entries.map(({ key, version }) => store.delete(key, { expectedVersion: version })));
  }
}

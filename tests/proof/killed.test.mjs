import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { startRedis, temporaryFolder } from "../stores/support.mjs";
import { crashes } from "./support/crash.mjs";

const refreshes = 200;

const folder = temporaryFolder();
after(folder.remove);

/** @type {[string, import("./support/process.mjs").Runtime, import("./runtimes/service.mjs").Settings["store"]["kind"]][]} */
const setups = [
  ["Durable Objects on disk, in workerd", "workerd", "durable-object"],
  ["Deno KV on disk, in Deno", "Deno", "deno-kv"],
  ["SQLite by libSQL, in Node", "Node", "sqlite"],
  ["SQLite, in Bun", "Bun", "sqlite"],
  ["Redis that keeps what it acknowledged, in Node; Redis is killed as well", "Node", "redis"],
];

// Side by side: most of the time is waiting.
describe("a worker that is killed in the middle of refreshes", { concurrency: true }, () => {
  for (const [index, [title, runtime, kind]] of setups.entries()) {
    test(title, { timeout: 200_000 }, async (t) => {
      const redis = kind === "redis" ? await startRedis() : undefined;
      try {
        const store = { kind, at: redis?.url ?? `${folder.path}/${index}` };
        const killStore = redis && { killStore: redis.killAndRestart };
        const since = performance.now();
        const tally = await crashes({ runtime, store, scratch: folder.path, refreshes, ...killStore });
        const counts = [
          `${tally.refreshes} refreshes`,
          `${tally.kills} kills of the worker`,
          ...(redis ? [`${tally.storeKills} of Redis`] : []),
          `${tally.works} times a connection works`,
          `${tally.told} times it truthfully says reauthorization-required`,
          `${tally.others.length} times anything else`,
          `${tally.waited} found after a lease had run out in real time`,
          `${Math.round((performance.now() - since) / 1000)} s`,
        ];
        t.diagnostic(`${title}: ${counts.join(", ")}`);
        assert.deepEqual(tally.others, []);
        assert.ok(tally.refreshes >= refreshes && tally.kills > 10, "it was put to the test");
      } finally {
        await redis?.close();
      }
    });
  }

  test("a store that forgets what it acknowledged is found out", { timeout: 200_000 }, async () => {
    const redis = await startRedis({ isForgetful: true });
    try {
      const store = /** @type {const} */ ({ kind: "redis", at: redis.url });
      const killStore = redis.killAndRestart;
      const { others } = await crashes({ runtime: "Node", store, scratch: folder.path, refreshes: 30, killStore });
      assert.ok(others.length > 0, "nothing was noticed");
    } finally {
      await redis.close();
    }
  });
});

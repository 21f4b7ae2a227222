import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { conformance } from "zendesk-auth/stores/conformance";
import { redisStore } from "zendesk-auth/stores/redis";
import { bunPath, denoPath, denoRun } from "../../scripts/lib/runtimes.mjs";
import { conforms, conformsElsewhere, resultsOf, runtimeFile, startRedis } from "./support.mjs";

/** @type {Awaited<ReturnType<typeof startRedis>>} */
let redis;
/** @type {ReturnType<typeof nodeRedis>[]} */
let nodeRedises;
/** @type {Redis[]} */
let ioredises;
before(async () => {
  redis = await startRedis();
  nodeRedises = [nodeRedis(), nodeRedis()];
  for (const client of nodeRedises) await client.connect();
  ioredises = [new Redis(redis.url), new Redis(redis.url)];
});
after(async () => {
  for (const client of nodeRedises ?? []) client.destroy();
  for (const client of ioredises ?? []) client.disconnect();
  await redis?.close();
});

function nodeRedis() {
  return createClient({ url: redis.url });
}

/**
 * @template T
 * @param {() => T[]} openings
 * @param {(opening: T) => import("zendesk-auth/edge").Store} make
 */
function inTurn(openings, make) {
  let opened = 0;
  return () => make(/** @type {T} */ (openings()[opened++ % openings().length]));
}

conforms("node-redis", () =>
  conformance(
    inTurn(() => nodeRedises, redisStore),
    { makeUnreachable: () => redisStore(createClient({ url: "redis://127.0.0.1:1", disableOfflineQueue: true })) },
  ),
);

conforms("ioredis", () =>
  conformance(
    inTurn(() => ioredises, redisStore),
    {
      makeUnreachable: () =>
        redisStore(new Redis({ host: "127.0.0.1", port: 1, lazyConnect: true, retryStrategy: () => null })),
    },
  ),
);

conformsElsewhere("Bun's own client", () => resultsOf(bunPath(), runtimeFile("bun-redis.mjs"), redis.url));

conformsElsewhere("node-redis in Deno", () =>
  resultsOf(denoPath(), ...denoRun, "--allow-all", runtimeFile("node-redis.mjs"), redis.url),
);

test("a write that a client sent twice, because the connection broke, was made", async () => {
  const [client] = nodeRedises;
  const twice = redisStore({
    send: async (command, args) => {
      await client?.sendCommand([command, ...args]);
      return client?.sendCommand([command, ...args]);
    },
  });
  const created = await twice.put("twice", "1", { expectedVersion: null });
  assert.ok(created);
  const replaced = await twice.put("twice", "2", { expectedVersion: created });
  assert.ok(replaced);
  assert.deepEqual(await twice.get("twice"), { value: "2", version: replaced });
  assert.equal(await twice.put("twice", "3", { expectedVersion: created }), undefined);
  assert.equal(await twice.put("twice", "3", { expectedVersion: null }), undefined);
});

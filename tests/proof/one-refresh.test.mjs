import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startRedis, temporaryFolder } from "../stores/support.mjs";
import { startWorker } from "./support/process.mjs";
import { allowUsers, call, connect, credentials, pass, settings } from "./support/product.mjs";
import { startStandIn } from "./support/stand-in.mjs";

const calls = 1000;
/** Milliseconds for all calls to have begun, below the ten seconds that a worker waits for Zendesk. */
const gathering = 8_000;
/**
 * Milliseconds before each write of a connection: isolates find the same expired credential, and their store has to choose
 * one of them.
 */
const pause = 300;

const folder = temporaryFolder();
/** @type {Awaited<ReturnType<typeof startRedis>>} */
let redis;
before(async () => {
  redis = await startRedis();
});
after(async () => {
  await redis?.close();
  folder.remove();
});

/**
 * @typedef {import("./support/process.mjs").Runtime} Runtime
 * @typedef {import("./runtimes/service.mjs").Settings["store"]} Store
 * @typedef {import("./support/stand-in.mjs").StandIn} StandIn
 */

/** Where each has its store: in the folder of its test, or the one Redis. @type {Record<string, (folder: string) => Store>} */
const stores = {
  durableObjects: (at) => ({ kind: "durable-object", at }),
  denoKv: (at) => ({ kind: "deno-kv", at: `${at}.kv` }),
  redis: () => ({ kind: "redis", at: redis.url }),
};

/** @type {[string, Runtime[], keyof typeof stores, number?][]} */
const setups = [
  ["two services in workerd, one namespace of Durable Objects", ["workerd"], "durableObjects", 2],
  ["two processes of workerd, one namespace of Durable Objects", ["workerd", "workerd"], "durableObjects"],
  ["Deno with Deno KV", ["Deno"], "denoKv"],
  ["two processes of Deno, one file of Deno KV", ["Deno", "Deno"], "denoKv"],
  ["Node with Redis", ["Node"], "redis"],
  ["Bun with Redis", ["Bun"], "redis"],
  ["two processes of Node, one Redis", ["Node", "Node"], "redis"],
  ["a process of Node and one of Bun, one Redis", ["Node", "Bun"], "redis"],
];

for (const [index, [title, runtimes, kind, services]] of setups.entries()) {
  test(`a thousand calls on an expired connection cause one refresh: ${title}`, { timeout: 100_000 }, (t) => {
    const store = /** @type {Store} */ (stores[kind]?.(`${folder.path}/${index}`));
    return among(runtimes, { store: { ...store, pause }, ...(services && { services }) }, async (standIn, urls) => {
      for (const [name, ask] of /** @type {const} */ ([
        ["GET /connections/{id}/credentials", byHttp],
        ["edge.connection(id).credentials()", byOwnCode],
      ])) {
        const seen = await oneRefresh(standIn, urls, ask);
        t.diagnostic(`${title}: ${calls} × ${name}: ${seen}`);
      }
    });
  });
}

test("with a store that has no compare-and-set, the same calls are found to cause more", { timeout: 100_000 }, () => {
  const store = /** @type {const} */ ({ kind: "redis", at: redis.url, pause: 5 * pause, isBlind: true });
  return among(["Node", "Node"], { store }, (standIn, urls) =>
    assert.rejects(oneRefresh(standIn, urls, byHttp), /refreshes at the stand-in/),
  );
});

/**
 * Workers on one store, before a stand-in of their own.
 *
 * @param {Runtime[]} runtimes
 * @param {Omit<import("./runtimes/service.mjs").Settings, "edge" | "ahead" | "shared">} more
 * @param {(standIn: StandIn, urls: string[]) => Promise<void>} use
 */
async function among(runtimes, more, use) {
  const standIn = await startStandIn();
  const registry = `${folder.path}/${standIn.sandbox.port}.registry`;
  /** @type {import("./support/process.mjs").Worker[]} */
  const workers = [];
  try {
    for (const runtime of runtimes) {
      const shared = { registry, isGuest: workers.length > 0 };
      workers.push(await startWorker(runtime, settings(standIn, { ...more, shared }), folder.path));
    }
    await use(
      standIn,
      workers.flatMap(({ urls }) => urls),
    );
  } finally {
    for (const worker of workers) await worker.kill();
    await standIn.sandbox.close();
  }
}

/** @typedef {(urls: string[], id: string) => Promise<unknown[]>} Ask what calls for credentials bring, in any order */

/** @type {Ask} */
async function byHttp(urls, id) {
  const asking = urls.flatMap((url) => Array.from({ length: calls / urls.length }, () => credentials(url, id)));
  return (await Promise.all(asking)).map(({ json }) => json.authorization ?? json.code);
}

/** @type {Ask} */
async function byOwnCode(urls, id) {
  const own = (/** @type {string} */ url) => call(url, "GET", `/test/own?id=${id}&count=${calls / urls.length}`);
  const answers = await Promise.all(urls.map(own));
  return answers.flatMap(({ json }) => json.map((/** @type {any} */ { authorization }) => authorization));
}

/**
 * A new connection expires; then all of the calls are under way before Zendesk answers.
 *
 * @param {StandIn} standIn
 * @param {string[]} urls
 * @param {Ask} ask
 */
async function oneRefresh(standIn, urls, ask) {
  const [first = ""] = urls;
  const subject = `user-${standIn.sandbox.port}`;
  const person = { subject, user: standIn.addPerson(subject) };
  const { id } = await connect(standIn, first, await allowUsers(first), person);
  await pass(standIn, urls, 45);

  const underWay = async () => {
    const begun = await Promise.all(urls.map(async (url) => (await call(url, "GET", "/test/begun")).json));
    return begun.reduce((sum, each) => sum + each, 0);
  };
  const refreshes = standIn.attempts().length;
  const before = await underWay();
  let release = () => {};
  const until = new Promise((resolve) => {
    release = () => resolve(undefined);
  });
  standIn.sandbox.faults.set("token", { kind: "late", until, times: 1 });

  const since = performance.now();
  let isOver = false;
  const asking = ask(urls, id).finally(() => {
    isOver = true;
  });
  asking.catch(() => {});
  let begun = 0;
  while (begun < calls && performance.now() - since < gathering) {
    await sleep(20);
    begun = (await underWay()) - before;
  }
  assert.equal(isOver, false, "no call is answered before Zendesk is");
  const released = performance.now();
  release();
  const answers = await asking;
  const ended = performance.now();

  const attempts = standIn.attempts().slice(refreshes);
  assert.deepEqual(
    attempts.map(({ status }) => status),
    [200],
    "refreshes at the stand-in",
  );
  const token = standIn.grants.at(-1);
  assert.equal(answers.length, calls);
  assert.deepEqual([...new Set(answers)], [`Bearer ${token?.accessToken}`]);
  assert.equal(standIn.takes(String(answers[0])), token?.user.id, "the stand-in accepts it");
  assert.ok(begun > calls / 2, `${begun} calls were under way`);
  const took = `${Math.round(ended - since)} ms, ${Math.round(ended - released)} ms of them since Zendesk's answer`;
  return `${attempts.length} refresh at the stand-in, ${begun} calls waiting for it, ${took}`;
}

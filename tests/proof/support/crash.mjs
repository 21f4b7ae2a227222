import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { startWorker } from "./process.mjs";
import { allowUsers, connect, credentials, pass, settings, shown } from "./product.mjs";
import { startStandIn } from "./stand-in.mjs";

/**
 * @typedef {import("./stand-in.mjs").StandIn} StandIn
 * @typedef {import("./product.mjs").Connected} Connected
 *
 * @typedef {object} Setup
 * @property {import("./process.mjs").Runtime} runtime
 * @property {import("../runtimes/service.mjs").Settings["store"]} store
 * @property {string} scratch a folder for what a killed worker leaves
 * @property {number} refreshes at least so many
 * @property {() => Promise<void>} [killStore] ends a server under the store and starts it again
 *
 * @typedef {object} Tally
 * @property {number} refreshes that the stand-in carried out
 * @property {number} kills of the worker
 * @property {number} storeKills of the server under the store
 * @property {number} works connections found to work after a crash
 * @property {number} told connections that say that they need a person, truthfully
 * @property {string[]} others what else came of a connection
 * @property {number} waited of all these, those that were found only after a lease had run out in real time
 */

/** Connections that are refreshed side by side. */
const together = 10;
/** Milliseconds over which their refreshes begin, and in which the kill falls. */
const spread = 300;
/** Milliseconds that Zendesk takes for its answer after a refresh was carried out: in them a crash loses the pair. */
const latency = 25;

/**
 * Refreshes connections and kills the worker in the middle of it, again and again. After each restart every connection is
 * asked for: it works, or it says that it does not and the stand-in's log shows that the pair was lost.
 *
 * @param {Setup} setup
 * @returns {Promise<Tally>}
 */
export async function crashes({ runtime, store, scratch, refreshes, killStore }) {
  const standIn = await startStandIn();
  const start = () => startWorker(runtime, settings(standIn, { store }), scratch);
  let worker = await start();
  /** @type {Tally} */
  const tally = { refreshes: 0, kills: 0, storeKills: 0, works: 0, told: 0, others: [], waited: 0 };
  /** How long the log was at each restart. @type {number[]} */
  const restarts = [];
  /** What was handed out before a crash. @type {Set<string>} */
  const given = new Set();
  try {
    const url = () => worker.urls[0] ?? "";
    const profile = await allowUsers(url());
    const people = Array.from({ length: together }, (_, index) => `user-${index}`);
    const connections = await Promise.all(
      people.map((subject) => connect(standIn, url(), profile, { subject, user: standIn.addPerson(subject) })),
    );
    const carriedOut = () => standIn.attempts().filter(({ status }) => status === 200).length;
    standIn.sandbox.faults.set("token", { kind: "late", milliseconds: latency });

    for (let round = 0, isLast = false; !isLast; round++) {
      isLast = carriedOut() >= refreshes - together || round > refreshes / 2;
      // Now all of them are due.
      await pass(standIn, [url()], 27);
      // In the last round all begin together and are met in the middle, so that leases are left.
      const [begin, end] = isLast ? [0, 100] : [spread, spread + latency + 50];
      const asking = connections.map(async ({ id }) => {
        await sleep(Math.random() * begin);
        given.add((await credentials(url(), id)).json?.authorization);
      });
      const asked = Promise.allSettled(asking);
      await sleep(Math.random() * end);
      const isOfStore = killStore !== undefined && round % 3 !== 0;
      const isOfWorker = killStore === undefined || round % 3 !== 1 || isLast;
      await Promise.all([isOfWorker && worker.kill(), isOfStore && killStore()]);
      tally.kills += Number(isOfWorker);
      tally.storeKills += Number(isOfStore);
      await asked;
      // What the worker sent before it died is on its way still, and belongs before the crash.
      await standIn.hasHeard();
      restarts.push(standIn.sandbox.requests.length);
      if (isOfWorker) worker = await start();

      // In the last round, leases are waited for; in the others, clocks run on until a lease is too old for any clock.
      if (!isLast) await pass(standIn, [url()], 11);
      const since = performance.now();
      const found = connections.map(async (connection) => {
        const outcome = await judge(standIn, url(), connection, restarts, given).catch(({ message }) =>
          String(message),
        );
        // While the worker lives, a store that was away for a moment costs nothing.
        if (outcome === "works" || (outcome === "told" && isOfWorker)) tally[outcome]++;
        else tally.others.push(outcome);
        if (performance.now() - since > 25_000) tally.waited++;
        if (outcome === "told") assert.equal((await connect(standIn, url(), profile, connection)).id, connection.id);
      });
      await Promise.all(found);
    }
    tally.refreshes = carriedOut();
    spentOnce(standIn, restarts);
    return tally;
  } finally {
    await worker.kill();
    await standIn.sandbox.close();
  }
}

/**
 * What has become of a connection. Throws where it neither works nor says that it needs a person, or where that is not true.
 *
 * @param {StandIn} standIn
 * @param {string} url
 * @param {Connected} connection
 * @param {number[]} restarts
 * @param {Set<string>} given
 */
async function judge(standIn, url, { id, user, subject }, restarts, given) {
  let answer = await credentials(url, id);
  for (let tries = 0; answer.status === 503 && tries < 5; tries++) {
    await sleep(1000 * Number(answer.headers.get("retry-after") ?? 1));
    answer = await credentials(url, id);
  }
  if (answer.status === 200) {
    assert.equal(standIn.takes(answer.json.authorization), user, `what ${subject} is given works, and is theirs`);
    return "works";
  }
  assert.deepEqual([answer.status, answer.json?.code], [409, "reauthorization_required"], `${subject}: ${answer.text}`);
  assert.equal((await shown(url, id)).status, "reauthorization-required");
  const attempts = standIn.attempts().filter((attempt) => attempt.user === user);
  const refused = attempts.at(-1);
  const lost = attempts.find((attempt) => attempt.presented === refused?.presented);
  const pair = standIn.grants.findLast((grant) => grant.user.id === user);
  assert.ok(lost && refused && pair);
  const restart = restarts.at(-1) ?? 0;
  assert.deepEqual(
    [lost.status, refused.status],
    [200, 400],
    `${subject}: the refresh was carried out, and what was spent by it was refused afterwards`,
  );
  assert.ok(lost.at < restart && refused.at >= restart, `${subject}: before the crash, and after it`);
  assert.ok(!given.has(`Bearer ${pair.accessToken}`), `${subject}: nobody was given the new token`);
  assert.ok(!standIn.wasUsed(pair, lost.at), `${subject}: nobody has used the pair`);
  return "told";
}

/**
 * No refresh token is presented twice, unless a crash lies between.
 *
 * @param {StandIn} standIn
 * @param {number[]} restarts
 */
function spentOnce(standIn, restarts) {
  /** @type {Map<string, import("./stand-in.mjs").Attempt>} */
  const last = new Map();
  for (const attempt of standIn.attempts()) {
    const { presented, at } = attempt;
    const before = last.get(presented);
    if (before !== undefined) {
      const isAfterCrash = restarts.some((restart) => before.at < restart && at >= restart);
      const where = `${JSON.stringify([before, attempt])}, restarts at ${restarts.join(", ")}`;
      assert.ok(isAfterCrash, `a refresh token is not spent twice while its owner lives: ${where}`);
    }
    last.set(presented, attempt);
  }
}

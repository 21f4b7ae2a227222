// Runs in Node and Deno alike.
import { generator, pageSize, runsOf, sampleKeys, value } from "./population.mjs";

/**
 * @typedef {[method: "get" | "put" | "list", ...args: any[]]} Call of a store
 * @typedef {{ version?: string | undefined, cursor?: string | undefined }} Outcome of a call, as far as a later one needs it
 * @typedef {(calls: Call[]) => Promise<{ outcomes: Outcome[], times: number[] }>} Execute makes calls one after another;
 *   times are in microseconds, of each or of a few together
 * @typedef {{ count: number, execute: Execute }} Subject a store with that many connections
 *
 * @typedef {object} Operation
 * @property {"get" | "put" | "list"} method
 * @property {"asleep" | "awake"} [objects] Durable Objects leave memory some seconds after their last request
 *
 * @typedef {{ small: number[], large: number[] }} Times microseconds for one call
 */

/** Milliseconds; workerd gives an object ten seconds. */
const untilAsleep = 12_000;

/**
 * What a subject in this process does.
 * @param {import("zendesk-auth/edge").Store} store
 * @returns {Execute}
 */
export function executeOn(store) {
  return async (calls) => {
    /** @type {Outcome[]} */
    const outcomes = [];
    const times = [];
    for (const [method, ...args] of calls) {
      const since = performance.now();
      const result = await /** @type {any} */ (store)[method](...args);
      times.push((performance.now() - since) * 1000);
      outcomes.push(outcomeOf(result));
    }
    return { outcomes, times };
  };
}

/** @param {any} result @returns {Outcome} */
export function outcomeOf(result) {
  if (typeof result === "string") return { version: result };
  if (result === undefined) throw new Error("a call found nothing, or was refused");
  if (result.entries?.length === 0) throw new Error("a page is empty");
  return { version: result.version, cursor: result.cursor };
}

/**
 * Small and large in turn, round after round, so that what else the machine does falls on both alike.
 * @param {{ small: Subject, large: Subject, operations: Operation[], rounds: number, calls: number }} what
 * @returns {Promise<Times[]>} in the order of the operations
 */
export async function measure({ small, large, operations, rounds, calls }) {
  const times = operations.map(() => /** @type {Times} */ ({ small: [], large: [] }));
  for (let round = -1; round < rounds; round++) {
    for (const [at, { method, objects }] of operations.entries()) {
      const subjects = [small, large];
      const works = [];
      for (const subject of subjects) {
        const work = await workFor(subject, method, generator(round * 7919 + at * 31 + 17), calls);
        if (objects === "awake" && method !== "put") await subject.execute(work);
        works.push(work);
      }
      if (objects === "asleep") await new Promise((resolve) => setTimeout(resolve, untilAsleep));
      const [ofSmall = [], ofLarge = []] = [await timesOf(small, works[0]), await timesOf(large, works[1])];
      // The first round is for the runtime to get warm.
      if (round < 0) continue;
      times[at]?.small.push(...ofSmall);
      times[at]?.large.push(...ofLarge);
    }
  }
  return times;
}

/** @param {Subject} subject @param {Call[]} [work] */
async function timesOf({ execute }, work = []) {
  return (await execute(work)).times;
}

/**
 * What a call needs to know is asked for before the clock starts.
 * @param {Subject} subject
 * @param {"get" | "put" | "list"} operation
 * @param {() => number} random
 * @param {number} calls
 * @returns {Promise<Call[]>}
 */
async function workFor({ count, execute }, operation, random, calls) {
  const keys = sampleKeys(random, count, calls);
  const gets = keys.map((key) => /** @type {Call} */ (["get", key]));
  if (operation === "get") return gets;
  if (operation === "put") {
    const { outcomes } = await execute(gets);
    return keys.map((key, at) => ["put", key, value, { expectedVersion: outcomes[at]?.version }]);
  }
  const pages = await Promise.all(runsOf(count, random).map((prefix) => pagesOf(execute, prefix)));
  return pages.flat();
}

/**
 * The first pages under a prefix, none of them twice: with a thousand connections there are no more.
 * @param {Execute} execute
 * @param {string} prefix
 */
async function pagesOf(execute, prefix) {
  /** @type {Call[]} */
  const pages = [];
  for (let cursor; pages.length === 0 || (cursor && pages.length < 10); ) {
    /** @type {Call} */
    const page = ["list", prefix, { limit: pageSize, ...(cursor && { cursor }) }];
    pages.push(page);
    const { outcomes } = await execute([page]);
    cursor = outcomes[0]?.cursor;
  }
  return pages;
}

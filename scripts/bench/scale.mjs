import { mkdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { inRoot } from "../lib/paths.mjs";
import { needRedis } from "../lib/redis.mjs";
import { Problem, run, say, step } from "../lib/step.mjs";
import { denoKv } from "./scale/deno-kv.mjs";
import { durableObject } from "./scale/durable-object.mjs";
import { libsql } from "./scale/libsql.mjs";
import { measure } from "./scale/measure.mjs";
import { redis } from "./scale/redis.mjs";

/**
 * @typedef {import("./scale/measure.mjs").Subject} Subject
 * @typedef {import("./scale/measure.mjs").Operation} Operation
 *
 * @typedef {object} Driver of one store
 * @property {(folder: string, count: number) => Promise<void>} fill
 * @property {(folder: string, count: number) => Promise<Subject & { close(): Promise<unknown> }>} open
 * @property {Operation[]} [operations] get, put and list unless told
 *
 * @typedef {{ store: string, operation: string, small: number, large: number, ratio: number, isWithinGoal: boolean }} Row
 *   medians in microseconds for one call
 */

/** @type {Record<string, Driver>} */
const drivers = { redis, libsql, "deno-kv": denoKv, "durable-object": durableObject };
const small = 1000;
const goal = 1.3;
/** What one connection takes on disk: a file of its own of three pages, at the most. */
const bytesEach = 14_000;

/** @type {Operation[]} */
const plain = [{ method: "get" }, { method: "put" }, { method: "list" }];

/**
 * The time for one call of each store with `count` connections, against the same with 1,000. What was filled in stays
 * for the next run where this one is ended before its time, or `keep` is set.
 * @param {{ count: number, rounds: number, calls: number, stores: string[], keep: boolean }} options
 */
export async function scale({ count, rounds, calls, stores, keep }) {
  const chosen = stores.length > 0 ? stores : Object.keys(drivers);
  const unknown = chosen.filter((name) => !drivers[name]);
  if (unknown.length > 0) {
    throw new Problem(`there is no store ${unknown.join(", ")}; there are ${Object.keys(drivers).join(", ")}`);
  }
  if (!Number.isInteger(count) || count < 2 * small || count > 10_000_000) {
    throw new Problem(`--count is a number from ${2 * small} to 10000000`);
  }
  if (chosen.includes("redis")) await needRedis();
  // Servers that were started end with this process, which has to hear of its own end for that.
  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"]) process.once(signal, () => process.exit(1));
  const root = inRoot("target", "bench", "scale");
  mkdirSync(root, { recursive: true });
  needRoom(root, count);
  /** @type {Row[]} */
  const rows = [];
  for (const name of chosen) {
    const folder = join(root, name);
    rows.push(...(await rowsOf(name, /** @type {Driver} */ (drivers[name]), folder, { count, rounds, calls })));
    if (!keep) await step(`${name}: removing what was written`, () => run("rm", ["-rf", folder]));
  }
  return { small, large: count, goal, rows };
}

/**
 * @param {string} name
 * @param {Driver} driver
 * @param {string} folder
 * @param {{ count: number, rounds: number, calls: number }} options
 * @returns {Promise<Row[]>}
 */
async function rowsOf(name, { fill, open, operations = plain }, folder, { count, rounds, calls }) {
  const folders = { small: join(folder, String(small)), large: join(folder, String(count)) };
  await step(`${name}: ${small} connections`, () => fill(folders.small, small));
  await step(`${name}: ${count} connections`, () => fill(folders.large, count));
  const ofSmall = await open(folders.small, small);
  const ofLarge = await open(folders.large, count);
  try {
    const times = await step(`${name}: measuring`, () =>
      measure({ small: ofSmall, large: ofLarge, operations, rounds, calls }),
    );
    return times.map((each, at) => rowOf(name, /** @type {Operation} */ (operations[at]), each));
  } finally {
    await ofSmall.close();
    await ofLarge.close();
  }
}

/**
 * @param {string} store
 * @param {Operation} operation
 * @param {import("./scale/measure.mjs").Times} times
 * @returns {Row}
 */
function rowOf(store, { method, objects }, times) {
  const [small, large] = [median(times.small), median(times.large)];
  const operation = objects ? `${method}, ${objects}` : method;
  return { store, operation, small, large, ratio: large / small, isWithinGoal: large / small <= goal };
}

/** @param {number[]} times */
function median(times) {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

/** @param {string} folder @param {number} count */
function needRoom(folder, count) {
  const { bavail, bsize, ffree } = statfsSync(folder);
  const wanted = count * bytesEach;
  if (bavail * bsize < wanted || ffree < count) {
    throw new Problem(
      `${count} connections may need ${Math.ceil(wanted / 1e9)} GB and ${count} files under ${folder}; make room, or take fewer: --count`,
    );
  }
  if (count > 100_000) say(`  this takes some minutes and up to ${Math.ceil(wanted / 1e9)} GB under ${folder}`);
}

/** @param {Awaited<ReturnType<typeof scale>>} results */
export function scaleTable({ large, rows }) {
  const number = (/** @type {number} */ value) => value.toLocaleString("en", { maximumFractionDigits: 0 });
  const lines = rows.map(({ store, operation, small, large, ratio, isWithinGoal }) => [
    store.padEnd(16),
    operation.padEnd(14),
    number(small).padStart(11),
    number(large).padStart(14),
    ratio.toFixed(2).padStart(8),
    isWithinGoal ? "" : `  over ${goal}`,
  ]);
  const head = ["".padEnd(30), "at 1,000".padStart(11), `at ${number(large)}`.padStart(14), "ratio".padStart(8)];
  return [
    `one call of a store through its adapter, a list being a page of 50; µs, median`,
    "",
    ...[head, ...lines].map((cells) => cells.join("").trimEnd()),
  ].join("\n");
}

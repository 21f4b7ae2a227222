import { parseArgs } from "node:util";
import { entry, Problem } from "./lib/step.mjs";

const usage = `npm run bench                  every section, one after the other
npm run bench -- NAME...       only these: start, callback, worker, cold, refresh, scale, memory
npm run -s bench -- --json     the same as JSON
  --write                      and to BENCHMARKS.md, with its chart
  --quick                      few rounds, and few connections and requests: to see that it runs
  --rounds N                   interleaved rounds, 15 unless told
of scale, each store with a million connections against the same with a thousand:
  --store NAME                 only this one; may be given several times
  --count N                    instead of 1,000,000; also the requests of memory
  --calls N                    for each round, 200 unless told
  --keep                       leave what was written, for the next run`;

/** @typedef {{ rounds: number, roundMs: number, count: number, calls: number, stores: string[], keep: boolean }} Options */

/** @type {Record<string, (options: Options) => Promise<unknown>>} */
const sections = {
  start: async ({ rounds }) => (await import("./bench/start/index.mjs")).start(rounds),
  callback: async ({ rounds }) => (await import("./bench/callback.mjs")).callback(rounds),
  worker: async ({ rounds, roundMs }) => {
    const few = Math.ceil(rounds / 3);
    return (await import("./bench/worker.mjs")).worker({ rounds: few, roundMs });
  },
  cold: async ({ rounds }) => (await import("./bench/cold.mjs")).cold(rounds),
  refresh: async ({ rounds }) => (await import("./bench/refresh.mjs")).refresh(rounds),
  scale: async (options) => (await import("./bench/scale.mjs")).scale(options),
  memory: async ({ count }) => (await import("./bench/memory.mjs")).memory(count),
};

await entry(async () => {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: "boolean" },
      write: { type: "boolean" },
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      store: { type: "string", multiple: true, default: [] },
      count: { type: "string" },
      calls: { type: "string" },
      keep: { type: "boolean", default: false },
      help: { type: "boolean" },
    },
    allowPositionals: true,
  });
  if (values.help) return console.log(usage);
  const { quick, store: stores, keep } = values;
  const number = (/** @type {string | undefined} */ given, /** @type {number} */ full, /** @type {number} */ small) =>
    Number(given ?? (quick ? small : full));
  const options = {
    rounds: number(values.rounds, 15, 3),
    roundMs: quick ? 600 : 2000,
    count: number(values.count, 1_000_000, 20_000),
    calls: number(values.calls, 200, 50),
    stores,
    keep,
  };
  const unknown = positionals.filter((name) => !sections[name]);
  if (unknown.length > 0) throw new Problem(`there is no benchmark ${unknown.join(", ")}\n\n${usage}`);
  if (!Number.isInteger(options.rounds) || options.rounds < 1) throw new Problem("--rounds is a number from 1 on");
  const wanted = positionals.length > 0 ? positionals : Object.keys(sections);
  const { judged } = await import("./bench/goals.mjs");
  const { profiles } = await import("./bench/profiles.mjs");
  const { report, table } = await import("./bench/report.mjs");
  /** @type {Record<string, any>} */
  const results = {};
  for (const name of wanted) results[name] = await sections[name]?.(options);
  const missed = new Set(judged(results).flatMap(({ section, isMet }) => (isMet ? [] : [section])));
  results.profiles = await profiles(missed);
  if (values.write) await report(results, process.argv.slice(2));
  console.log(values.json ? JSON.stringify(results) : table(results));
  // Programs that were started for a section end with this process.
  process.exit(0);
});

import { Agent, request } from "node:http";
import { say, step } from "../lib/step.mjs";
import { prepare } from "./fixture.mjs";
import { quantile, spread } from "./rounds.mjs";
import { cpuSeconds, serveInWorkerd } from "./workerd.mjs";

/** @typedef {{ per_cpu_second: import("./rounds.mjs").Spread, p50_ms: number, p99_ms: number }} AtConcurrency */

const names = /** @type {const} */ (["ours", "openid_client", "oauth4webapi", "floor"]);
const concurrencies = [1, 32, 256];

/**
 * The hand-off in real workerd, each handler in a process of its own, all of them before one stand-in; they take turns. What
 * is counted is the processor time of workerd alone; the latencies also have the load's and the stand-in's in them, which
 * share the machine.
 * @param {{ rounds: number, roundMs: number }} options
 */
export async function worker({ rounds, roundMs }) {
  const prepared = await prepare();
  /** @type {{ name: string, load: (concurrency: number, ms: number) => Promise<{ count: number, times: number[], cpu: number }>, close: () => Promise<unknown> }[]} */
  const running = [];
  try {
    for (const name of names) running.push(await start(prepared[name]));
    // The processor's clock counts in hundredths of a second, and the first requests are compiled.
    await step("worker: warming up", async () => {
      for (const { load } of running) await load(32, Math.max(1000, roundMs));
    });
    /** @type {Record<string, Record<number, { rates: number[], times: number[] }>>} */
    const seen = {};
    await step(`worker: ${rounds} rounds`, async () => {
      for (let round = 0; round < rounds; round++) {
        for (const concurrency of concurrencies) {
          for (const { name, load } of running) {
            const { count, times, cpu } = await load(concurrency, roundMs);
            const at = seen[name]?.[concurrency] ?? { rates: [], times: [] };
            seen[name] = { ...seen[name], [concurrency]: at };
            at.rates.push(count / cpu);
            at.times.push(...times);
          }
        }
      }
    });
    return Object.fromEntries(Object.entries(seen).map(([name, at]) => [name, summary(at)]));
  } finally {
    for (const { close } of running) await close();
    prepared.close();
  }
}

/** @param {Record<number, { rates: number[], times: number[] }>} seen */
function summary(seen) {
  /** @type {Record<string, AtConcurrency>} */
  const at = {};
  for (const [concurrency, { rates, times }] of Object.entries(seen)) {
    at[concurrency] = { per_cpu_second: spread(rates), p50_ms: quantile(times, 0.5), p99_ms: quantile(times, 0.99) };
  }
  const busy = /** @type {AtConcurrency} */ (at[32]);
  return { per_cpu_second: busy.per_cpu_second.median, p50_ms: busy.p50_ms, p99_ms: busy.p99_ms, at };
}

/** @param {import("./fixture.mjs").Handler} handler */
async function start({ name, entryPoint, alias, authorization, body }) {
  const { origin, pid, close } = await serveInWorkerd(name, entryPoint, { alias });
  const headers = { authorization, "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const once = (/** @type {Agent} */ agent) =>
    new Promise((resolve, reject) => {
      const sent = request(`${origin}/oauth/exchange`, { method: "POST", agent, headers }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (part) => {
          text += part;
        });
        answer.on("end", () => (answer.statusCode === 201 ? resolve(text) : reject(new Error(`${name}: ${text}`))));
      });
      sent.on("error", reject);
      sent.end(body);
    });
  return {
    name,
    close,
    /** @param {number} concurrency @param {number} ms */
    async load(concurrency, ms) {
      const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
      /** @type {number[]} */
      const times = [];
      const until = performance.now() + ms;
      const cpu = cpuSeconds(pid);
      const visitor = async () => {
        while (performance.now() < until) {
          const since = performance.now();
          await once(agent);
          times.push(performance.now() - since);
        }
      };
      await Promise.all(Array.from({ length: concurrency }, visitor));
      const used = cpuSeconds(pid) - cpu;
      agent.destroy();
      if (used < 0.1) say(`  ${name} used ${used} s of processor time in a round: too little to go by`);
      return { count: times.length, times, cpu: used };
    },
  };
}

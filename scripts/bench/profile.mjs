import { Session } from "node:inspector/promises";
import { basename } from "node:path";

/** @typedef {{ where: string, share: number }[]} Profile the functions in which the time went, of 1 */

/** Waiting, and the inspector itself. */
const notTheWork = ["(idle)", "(program)", "dispatch"];

/**
 * Where some work spends its time, by V8's own sampling in this process.
 * @param {() => unknown} work
 * @returns {Promise<Profile>}
 */
export async function profile(work) {
  const session = new Session();
  session.connect();
  try {
    await repeat(work, 500);
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: 100 });
    await session.post("Profiler.start");
    await repeat(work, 1500);
    const { profile } = await session.post("Profiler.stop");
    return largest(profile);
  } finally {
    session.disconnect();
  }
}

/** @param {() => unknown} work @param {number} ms */
async function repeat(work, ms) {
  const until = performance.now() + ms;
  while (performance.now() < until) for (let i = 0; i < 16; i++) await work();
}

/** @param {import("node:inspector").Profiler.Profile} profile */
function largest({ nodes, samples = [], timeDeltas = [] }) {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  /** @type {Map<string, number>} */
  const spent = new Map();
  let all = 0;
  for (const [at, id] of samples.entries()) {
    const frame = byId.get(id);
    const time = timeDeltas[at] ?? 0;
    if (!frame || notTheWork.includes(frame.functionName)) continue;
    all += time;
    const isWasm = frame.url.startsWith("wasm:");
    const where = isWasm
      ? "WebAssembly"
      : [frame.functionName || "(no name)", basename(frame.url)].filter(Boolean).join(" in ");
    spent.set(where, (spent.get(where) ?? 0) + time);
  }
  return [...spent]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 8)
    .map(([where, time]) => ({ where, share: time / all }));
}

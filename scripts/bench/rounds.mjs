/** @typedef {{ median: number, low: number, high: number }} Spread microseconds for one call */

/**
 * Times each candidate in turn, round after round, so that what else the machine does falls on all of them alike.
 * @param {Record<string, () => unknown>} candidates
 * @param {{ rounds: number, roundMs?: number }} options
 * @returns {Promise<Record<string, Spread>>}
 */
export async function interleaved(candidates, { rounds, roundMs = 120 }) {
  const names = Object.keys(candidates);
  /** @type {Record<string, number[]>} */
  const seen = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names) await callsFor(candidates[name] ?? (() => {}), roundMs * 3);
  for (let round = 0; round < rounds; round++) {
    for (const name of names) seen[name]?.push(await callsFor(candidates[name] ?? (() => {}), roundMs));
  }
  return Object.fromEntries(names.map((name) => [name, spread(seen[name] ?? [])]));
}

/**
 * Awaits only what is a promise: an `await` of a plain value would bill a turn of the event loop to it.
 * @param {() => unknown} work
 * @param {number} ms
 * @returns {Promise<number>} microseconds a call
 */
async function callsFor(work, ms) {
  const batch = 32;
  const since = performance.now();
  let calls = 0;
  do {
    for (let i = 0; i < batch; i++) {
      const result = work();
      if (result instanceof Promise) await result;
    }
    calls += batch;
  } while (performance.now() - since < ms);
  return ((performance.now() - since) * 1000) / calls;
}

/** @param {number[]} times @returns {Spread} */
function spread(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (/** @type {number} */ part) => sorted[Math.round(part * (sorted.length - 1))] ?? Number.NaN;
  return { median: at(0.5), low: at(0), high: at(1) };
}

/**
 * @typedef {{ median: number, low: number, high: number }} Spread
 * @typedef {(ms: number) => number | Promise<number>} Subject works for about so many milliseconds and says what one call took
 */

/**
 * Times each subject in turn, round after round, so that what else the machine does falls on all of them alike.
 * @param {Record<string, Subject>} subjects
 * @param {{ rounds: number, roundMs?: number }} options
 * @returns {Promise<Record<string, Spread>>}
 */
export async function interleaved(subjects, { rounds, roundMs = 120 }) {
  const all = Object.entries(subjects);
  /** @type {Record<string, number[]>} */
  const seen = Object.fromEntries(all.map(([name]) => [name, []]));
  for (const [, subject] of all) await subject(roundMs * 3);
  for (let round = 0; round < rounds; round++) {
    for (const [name, subject] of all) seen[name]?.push(await subject(roundMs));
  }
  return Object.fromEntries(Object.entries(seen).map(([name, times]) => [name, spread(times)]));
}

/**
 * Repeats some work, and says what one call took in microseconds. Awaits only what is a promise: an `await` of a plain value
 * would bill a turn of the event loop to it.
 * @param {() => unknown} work
 * @returns {Subject}
 */
export function calls(work) {
  const batch = 32;
  return async (ms) => {
    const since = performance.now();
    let count = 0;
    do {
      for (let i = 0; i < batch; i++) {
        const result = work();
        if (result instanceof Promise) await result;
      }
      count += batch;
    } while (performance.now() - since < ms);
    return ((performance.now() - since) * 1000) / count;
  };
}

/** @param {number[]} values @returns {Spread} */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ part) => sorted[Math.round(part * (sorted.length - 1))] ?? Number.NaN;
  return { median: at(0.5), low: at(0), high: at(1) };
}

/** @param {number[]} values @param {number} part of 1 */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

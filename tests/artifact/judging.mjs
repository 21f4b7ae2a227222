// What the runners of vectors share. Imports nothing, so that every runtime can load it.

/** @typedef {{ name: string, code?: string | string[], [member: string]: any }} Vector */
/** @typedef {{ minimum: number, [member: string]: any }} Header */
/** @typedef {{ count: number, failures: string[] }} Outcome */

/** A vector that did not come out as it says. */
export class Mismatch extends Error {}

/**
 * Judges every vector of a parsed file; what `judge` throws is what went wrong.
 *
 * @param {any[]} data
 * @param {(vector: Vector, header: Header) => void | Promise<void>} judge
 * @returns {Promise<Outcome>}
 */
export async function judgeEach(data, judge) {
  const [header, ...vectors] = data;
  const failures = [];
  if (!(vectors.length >= header.minimum)) failures.push(`${vectors.length} vectors, fewer than ${header.minimum}`);
  for (const vector of vectors) {
    try {
      await judge(vector, header);
    } catch (error) {
      failures.push(`${vector.name}: ${error instanceof Mismatch ? error.message : `threw ${String(error)}`}`);
    }
  }
  return { count: vectors.length, failures };
}

/** @param {unknown} value @returns {unknown} */
const sorted = (value) => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value).sort();
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
};

/** @param {string} what @param {unknown} got @param {unknown} expected */
export function same(what, got, expected) {
  const [one, other] = [JSON.stringify(sorted(got)), JSON.stringify(sorted(expected))];
  if (one !== other) throw new Mismatch(`${what} is ${one} in place of ${other}`);
}

/** @param {string | string[]} expected @param {string} code */
export const isExpected = (expected, code) => (Array.isArray(expected) ? expected.includes(code) : expected === code);

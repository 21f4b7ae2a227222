// Runs in Node and Deno alike.

/** As long as a sealed OAuth connection. */
export const value = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..".padEnd(1200, "0123456789abcdefghijklmnopqrstuvwxyz-_");

/** The console's and the API's. */
export const pageSize = 50;

/** One half belongs to one tenant, the other to tenants of this many each. */
const tenantSize = 1000;

/**
 * The key of one of `count` connections. Ids are hashes in the product, so these are scattered alike.
 * @param {number} index from 0
 * @param {number} count
 */
export function keyOf(index, count) {
  return `connections/${tenantOf(index, count)}/${idOf(index)}`;
}

/** @param {number} index @param {number} count */
function tenantOf(index, count) {
  const half = Math.floor(count / 2);
  return index < half ? "large" : `tenant-${Math.floor((index - half) / tenantSize)}`;
}

/** @param {number} index */
function idOf(index) {
  const random = generator(index * 2_654_435_761 + 1);
  return Array.from({ length: 28 }, () => Math.floor(random() * 36).toString(36)).join("");
}

/**
 * Two prefixes with some hundred keys each: of the large tenant a part from anywhere, and one of the other tenants.
 * @param {number} count
 * @param {() => number} random
 */
export function runsOf(count, random) {
  const half = Math.floor(count / 2);
  const others = Math.ceil((count - half) / tenantSize);
  // An id begins with one of 36 characters.
  const part = half / 36 < 500 ? "" : Math.floor(random() * 36).toString(36);
  return [`connections/large/${part}`, `connections/tenant-${Math.floor(random() * others)}/`];
}

/**
 * Numbers from 0 to 1 that are the same in every run (mulberry32).
 * @param {number} seed
 */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * As many keys of the population, none of them twice.
 * @param {() => number} random
 * @param {number} count
 * @param {number} wanted
 */
export function sampleKeys(random, count, wanted) {
  /** @type {Set<number>} */
  const chosen = new Set();
  while (chosen.size < Math.min(wanted, count)) chosen.add(Math.floor(random() * count));
  return [...chosen].map((index) => keyOf(index, count));
}

import { existsSync, readFileSync } from "node:fs";
import { inRoot } from "../lib/paths.mjs";

/** @typedef {Awaited<ReturnType<typeof import("./measure.mjs").measure>>} Sizes */
/** @typedef {{ name: string, text: string, isBroken: boolean }} Judgement */

export const recordFile = inRoot("scripts", "size", "recorded.json");
/** By how much a size may be above the recorded one. */
const tolerance = 1.03;

/** What is held, how it is compressed, and its budget in bytes where there is one. @type {[string, (sizes: Sizes) => number, number?][]} */
const held = [
  ["browser artifact, brotli", ({ browser }) => browser.total.brotli, 9_000],
  ["browser, default entry, gzip", ({ inline }) => inline.total.gzip, 14_000],
  ["edge artifact, brotli", ({ edge }) => edge.total.brotli, 180_000],
  ["component, brotli", ({ component }) => component.total.brotli],
];

/** @param {Sizes} sizes @returns {Record<string, number>} */
export function recordOf(sizes) {
  return Object.fromEntries(held.map(([name, of]) => [name, of(sizes)]));
}

/**
 * Each held size against the recorded one, and against its budget: one that was met has to be met again.
 * @param {Sizes} sizes
 * @param {Record<string, number>} [recorded]
 * @returns {Judgement[]}
 */
export function judged(sizes, recorded = readRecord()) {
  return held.map(([name, of, budget]) => {
    const [size, before] = [of(sizes), recorded[name]];
    const hasGrown = before !== undefined && size > before * tolerance;
    const isOver = budget !== undefined && size > budget;
    const isBroken = hasGrown || (isOver && (before === undefined || before <= budget));
    const parts = [
      `${name}: ${size.toLocaleString("en")}`,
      ...(before === undefined ? ["not recorded yet"] : [`recorded ${before.toLocaleString("en")}`]),
      ...(budget === undefined ? [] : [`budget ${budget.toLocaleString("en")} ${isOver ? "missed" : "met"}`]),
    ];
    return { name, text: parts.join(", "), isBroken };
  });
}

/** @returns {Record<string, number>} */
function readRecord() {
  return existsSync(recordFile) ? JSON.parse(readFileSync(recordFile, "utf8")) : {};
}

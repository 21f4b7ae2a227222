import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** A state looks the same in every run, and looking takes its time. */
const seen = new Set();

/**
 * No violation of WCAG 2.2 AA that axe-core can see.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} state
 */
export async function assertAccessible(page, state) {
  if (seen.has(state)) return;
  seen.add(state);
  await page.evaluate(source);
  const violations = await page.evaluate(async (rules) => {
    const axe = /** @type {any} */ (globalThis).axe;
    const { violations } = await axe.run({ runOnly: rules });
    return violations.map((/** @type {any} */ violation) => ({
      rule: violation.id,
      nodes: violation.nodes.map((/** @type {any} */ node) => `${node.target}: ${node.failureSummary}`),
    }));
  }, RULES);
  assert.deepEqual(violations, [], `axe-core on: ${state}`);
}

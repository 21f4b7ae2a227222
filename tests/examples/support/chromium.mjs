import { chromium } from "playwright-core";
import { chromiumPath, chromiumSwitches } from "../../../scripts/lib/chromium.mjs";

/** @param {...string} more switches */
export const launch = (...more) =>
  chromium.launch({ executablePath: chromiumPath(), args: [...chromiumSwitches, ...more] });

/**
 * A tab in a browser context of its own, and what it complains of.
 *
 * @param {import("playwright-core").Browser} browser
 */
export async function newTab(browser) {
  const context = await browser.newContext();
  context.setDefaultTimeout(20_000);
  /** @type {string[]} */
  const complaints = [];
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  context.on("weberror", (error) => complaints.push(String(error.error())));
  return { context, page: await context.newPage(), complaints };
}

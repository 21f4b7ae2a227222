import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { inRoot } from "../../../scripts/lib/paths.mjs";
import { ConsolePage } from "./console-page.mjs";

/**
 * @typedef {object} Stage
 * @property {import("./world.mjs").World} world
 * @property {import("playwright-core").BrowserContext} context
 * @property {() => Promise<ConsolePage>} open  a new tab with the console's empty form
 *
 * @typedef {Record<string, (stage: Stage) => Promise<unknown>>} Scenarios
 */

/**
 * Runs in a browser context of its own, and looks at all that is left in it afterwards.
 *
 * @param {import("./world.mjs").World} world
 * @param {string} name
 * @param {(stage: Stage) => Promise<unknown>} run
 */
export async function play(world, name, run) {
  const context = await world.browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(10_000);
  world.recorder.watch(context);
  try {
    await run({ world, context, open: async () => new ConsolePage(await context.newPage(), world).open() });
    await world.recorder.snapshot(context);
  } catch (error) {
    await photograph(context, name);
    throw error;
  } finally {
    world.sandbox.faults.clear();
    await world.setWorkerClock(0);
    await context.close();
  }
}

/**
 * @param {import("playwright-core").BrowserContext} context
 * @param {string} name
 */
async function photograph(context, name) {
  const folder = inRoot("tests", "output", "failed");
  mkdirSync(folder, { recursive: true });
  for (const [index, page] of context.pages().entries()) {
    const path = join(folder, `${name.replaceAll(/\W+/g, "-")}-${index}.png`);
    await page.screenshot({ path, timeout: 3_000 }).catch(() => {});
  }
}

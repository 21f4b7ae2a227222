import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { inRoot } from "../../../scripts/lib/paths.mjs";
import { ConsolePage } from "./console-page.mjs";

/**
 * @typedef {import("playwright-core").BrowserContext} Context
 *
 * @typedef {object} Stage
 * @property {import("./world.mjs").World} world
 * @property {Context} context
 * @property {() => Promise<ConsolePage>} open  a new tab with the console's empty form
 * @property {(options?: import("playwright-core").BrowserContextOptions) => Promise<Context>} elsewhere  somebody else's
 *   browser, watched like the first
 *
 * @typedef {Record<string, (stage: Stage) => Promise<unknown>>} Scenarios
 */

/** @type {import("playwright-core").BrowserContextOptions} */
export const DESKTOP = { viewport: { width: 1280, height: 900 } };
/** @type {import("playwright-core").BrowserContextOptions} */
export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

/**
 * Runs with a worker that nobody has used, in a browser context of its own, and looks at all that is left afterwards.
 *
 * @param {import("./world.mjs").World} world
 * @param {string} name
 * @param {(stage: Stage) => Promise<unknown>} run
 */
export async function play(world, name, run) {
  await world.reset();
  /** @type {Context[]} */
  const contexts = [];
  const elsewhere = async (options = DESKTOP) => {
    const context = await world.browser.newContext(options);
    context.setDefaultTimeout(20_000);
    world.recorder.watch(context);
    contexts.push(context);
    return context;
  };
  try {
    const context = await elsewhere();
    const open = async () => new ConsolePage(await context.newPage(), world).open();
    await run({ world, context, open, elsewhere });
    for (const each of contexts) await world.recorder.snapshot(each);
  } catch (error) {
    for (const [index, each] of contexts.entries()) await photograph(each, `${name}-${index}`);
    throw error;
  } finally {
    world.sandbox.faults.clear();
    await world.setWorkerClock(0);
    for (const context of contexts) await context.close();
  }
}

/**
 * @param {Context} context
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

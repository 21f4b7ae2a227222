import { join } from "node:path";
import { installed } from "../tests/package/pack.mjs";
import { buildAll, installDependencies } from "./lib/bootstrap.mjs";
import { needChromium } from "./lib/chromium.mjs";
import { entry, Problem, say, step } from "./lib/step.mjs";

const usage = `npm run runtimes                      the suite of tests/runtimes in every runtime
npm run runtimes -- deno workerd-current  only in these
npm run -s runtimes -- --json         the result as JSON; progress goes to stderr
npm run runtimes -- --package FOLDER  tries another package than pkg-config/dist, which is then not built`;

const limit = 180_000;

/**
 * @typedef {object} Row
 * @property {string} runtime
 * @property {string} version
 * @property {"ok" | "failed"} result
 * @property {number} passed
 * @property {string[]} failed
 * @property {string[]} skipped
 * @property {string} [why]
 */

await entry(async () => {
  await installDependencies();
  // These need what was just installed.
  const { runtimes } = await import("../tests/runtimes/runtimes.mjs");
  const { rowOptions } = await import("./lib/rows.mjs");
  const options = rowOptions(usage, Object.keys(runtimes));
  if (!options) return;

  say("zendesk-auth: runtimes");
  await needChromium();
  if (options.from === undefined) await buildAll();
  const { installConsumers } = await import("./lib/consumers.mjs");
  if (!options.names.every((name) => runtimes[name]?.own)) await installConsumers();
  const pack = await step("npm pack and install", () => installed(options.from));
  const { launch } = await import("../tests/matrix/support/browser.mjs");
  const { placeSuite } = await import("../tests/runtimes/bundle.mjs");
  placeSuite(pack.folder);
  /** @type {Promise<import("playwright-core").Browser> | undefined} */
  let browser;
  const open = () => (browser ??= launch());
  try {
    const rows = [];
    for (const name of options.names) rows.push(await tryOne(name, pack.folder, open));
    if (options.json) console.log(JSON.stringify(rows));
    const broken = rows.filter(({ result }) => result !== "ok").map(({ runtime }) => runtime);
    if (broken.length > 0)
      throw new Problem(`${broken.length} of ${rows.length} runtimes failed: ${broken.join(", ")}`);
    say(`all ${rows.length} runtimes passed`);
  } finally {
    await (await browser)?.close();
    pack.remove();
  }
});

/**
 * @param {string} name
 * @param {string} folder
 * @param {() => Promise<import("playwright-core").Browser>} browser
 * @returns {Promise<Row>}
 */
async function tryOne(name, folder, browser) {
  const { runtimes } = await import("../tests/runtimes/runtimes.mjs");
  const { startWorld } = await import("../tests/runtimes/world.mjs");
  const { reason, tell, within } = await import("./lib/rows.mjs");
  const world = await startWorld(join(folder, "public"));
  const since = Date.now();
  /** @type {Row} */
  const row = { runtime: name, version: "", result: "failed", passed: 0, failed: [], skipped: [] };
  try {
    const { version, results } = await within(limit, async (signal) => {
      const outcome = await runtimes[name]?.run({ folder, url: world.url, signal, browser });
      if (!outcome) throw new Error(`nothing came of ${name}`);
      return outcome;
    });
    const failed = results.filter(({ error }) => error !== undefined);
    const skipped = results.filter((result) => result.skipped !== undefined);
    row.version = version;
    row.failed = failed.map((result) => result.name);
    row.skipped = skipped.map((result) => `${result.name}: ${result.skipped}`);
    row.passed = results.length - failed.length - skipped.length;
    if (failed.length > 0) throw new Problem(failed.map((result) => `${result.name}: ${result.error}`).join("\n"));
    if (row.passed < 20) throw new Problem(`only ${row.passed} tests were run`);
    row.result = "ok";
  } catch (error) {
    row.why = reason(error);
  } finally {
    await world.close();
  }
  const counts = `${row.passed} passed, ${row.failed.length} failed, ${row.skipped.length} skipped`;
  tell(name, row.why, `${row.version.padEnd(28)} ${counts} (${((Date.now() - since) / 1000).toFixed(1)} s)`);
  return row;
}

import { join } from "node:path";
import { installed } from "../tests/package/pack.mjs";
import { buildAll, installDependencies } from "./lib/bootstrap.mjs";
import { needChromium } from "./lib/chromium.mjs";
import { entry, Problem, say, step } from "./lib/step.mjs";

const usage = `npm run matrix                      every consumer: builds a small app, runs it, judges its answers
npm run matrix -- vite-dev webpack  only these
npm run -s matrix -- --json         the result as JSON; progress goes to stderr
npm run matrix -- --package FOLDER  tries another package than pkg-config/dist, which is then not built`;

const limit = 120_000;

/** @typedef {{ consumer: string, build: "ok" | "failed", run: "ok" | "failed" | "skipped", why?: string }} Row */

await entry(async () => {
  await installDependencies();
  // These need what was just installed.
  const { consumers } = await import("../tests/matrix/consumers.mjs");
  const { rowOptions } = await import("./lib/rows.mjs");
  const options = rowOptions(usage, Object.keys(consumers));
  if (!options) return;

  say("zendesk-auth: matrix");
  await needChromium();
  if (options.from === undefined) await buildAll();
  const { installConsumers } = await import("./lib/consumers.mjs");
  if (!options.names.every((name) => consumers[name]?.own)) await installConsumers();
  const pack = await step("npm pack and install", () => installed(options.from));
  const { launch } = await import("../tests/matrix/support/browser.mjs");
  /** @type {Promise<import("playwright-core").Browser> | undefined} */
  let browser;
  const open = () => (browser ??= launch());
  try {
    const rows = await tryAll(options.names, { packed: join(pack.folder, "node_modules", "zendesk-auth"), open });
    if (options.json) console.log(JSON.stringify(rows));
    const broken = rows.filter(({ build, run }) => build !== "ok" || run !== "ok");
    if (broken.length > 0)
      throw new Problem(
        `${broken.length} of ${rows.length} rows are broken: ${broken.map((row) => row.consumer).join(", ")}`,
      );
    say(`all ${rows.length} rows are ok`);
  } finally {
    await (await browser)?.close();
    pack.remove();
  }
});

/**
 * @param {string[]} names
 * @param {{ packed: string, open: () => Promise<import("playwright-core").Browser> }} means
 * @returns {Promise<Row[]>}
 */
async function tryAll(names, { packed, open }) {
  const { consumers } = await import("../tests/matrix/consumers.mjs");
  const { App } = await import("../tests/matrix/support/app.mjs");
  const { reason, tell, within } = await import("./lib/rows.mjs");
  /** @type {Map<string, unknown>} what came of builds that rows share: nothing, or an error */
  const built = new Map();
  const rows = [];
  for (const name of names) {
    const consumer = /** @type {import("../tests/matrix/consumers.mjs").Consumer} */ (consumers[name]);
    const place = consumer.shares ?? name;
    const app = new App(place, open);
    const since = Date.now();
    /** @type {Row} */
    const row = { consumer: name, build: "failed", run: "skipped" };
    try {
      await within(limit, async (signal) => {
        app.signal = signal;
        if (!built.has(place)) {
          built.set(
            place,
            await build(
              () => app.make(consumer.app, packed),
              () => consumer.build(app),
            ),
          );
        }
        const failure = built.get(place);
        if (failure !== undefined) throw failure;
        row.build = "ok";
        row.run = "failed";
        await consumer.run(app);
        row.run = "ok";
      });
    } catch (error) {
      row.why = reason(error);
    } finally {
      await app.close();
    }
    tell(name, row.why, `build ${row.build}, run ${row.run} (${((Date.now() - since) / 1000).toFixed(1)} s)`);
    rows.push(row);
  }
  return rows;
}

/** @param {() => void} make @param {() => Promise<unknown>} work @returns {Promise<unknown>} the error, if it failed */
async function build(make, work) {
  try {
    make();
    await work();
    return undefined;
  } catch (error) {
    return error ?? new Error("it failed without a reason");
  }
}

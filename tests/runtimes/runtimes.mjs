import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Log, LogLevel, Miniflare, supportedCompatibilityDate } from "miniflare";
import { consumer, consumers } from "../../scripts/lib/consumers.mjs";
import { runGroup } from "../../scripts/lib/groups.mjs";
import { bunPath, denoPath, denoRun } from "../../scripts/lib/runtimes.mjs";
import { bundleForBrowsers, bundleForEdgeLight, bundleForWorkerd } from "./bundle.mjs";

/**
 * @typedef {import("./suite.mjs").Result} Result
 * @typedef {{ version: string, results: Result[] }} Outcome
 *
 * @typedef {object} Means
 * @property {string} folder where the package and the suite are
 * @property {string} url of the world
 * @property {AbortSignal} signal
 * @property {() => Promise<import("playwright-core").Browser>} browser
 *
 * @typedef {object} Runtime
 * @property {boolean} [own] needs only what the root has
 * @property {(means: Means) => Promise<Outcome>} run
 */

/** The Node that runs this: 20 in CI. */
const ownNode = `node-${process.versions.node.split(".")[0]}`;

/** @type {Record<string, Runtime>} */
export const runtimes = {
  [ownNode]: { own: true, run: (means) => program(means, process.execPath) },
  "node-lts": { run: lts },
  deno: { own: true, run: (means) => program(means, denoPath(), ...denoRun, "--allow-all") },
  bun: { own: true, run: (means) => program(means, bunPath()) },
  "workerd-2024-01-01": { own: true, run: (means) => workerd(means, "2024-01-01") },
  "workerd-current": { own: true, run: (means) => workerd(means, supportedCompatibilityDate) },
  "edge-light": { run: edgeLight },
  "chromium-page": { own: true, run: (means) => chromium(means, () => /** @type {any} */ (globalThis).runHere()) },
  "chromium-module-worker": { own: true, run: (means) => chromium(means, inModuleWorker) },
  "chromium-service-worker": { own: true, run: (means) => chromium(means, inServiceWorker) },
};

/** @param {Means} means @param {string} path @param {...string} args */
async function program({ folder, url, signal }, path, ...args) {
  const script = join("tests", "runtimes", "harness", "cli.mjs");
  return JSON.parse(await runGroup(path, [...args, script, url], { cwd: folder, signal }));
}

/** @param {Means} means */
async function lts(means) {
  const node = consumer("node", "bin", "node");
  const { folder: cwd, signal } = means;
  const line = await runGroup(node, ["--print", "process.release.lts"], { cwd, signal });
  if (!/^[A-Z]/.test(line)) throw new Error("the npm package `node` in tests/consumers is no LTS version");
  return program(means, node);
}

/** @param {Means} means @param {string} date @returns {Promise<Outcome>} */
async function workerd({ folder, url, signal }, date) {
  const built = await bundleForWorkerd(folder);
  /** @type {string[]} */
  const said = [];
  const miniflare = new Miniflare({
    compatibilityDate: date,
    modulesRoot: built,
    modules: readdirSync(built).map((file) => ({
      type: file.endsWith(".wasm") ? /** @type {const} */ ("CompiledWasm") : /** @type {const} */ ("ESModule"),
      path: join(built, file),
      contents: readFileSync(join(built, file)),
    })),
    cf: false,
    log: new Log(LogLevel.NONE),
    // Told only where it fails: it also tells of the host that does not exist, as the suite wants it.
    handleRuntimeStdio: (/** @type {import("node:stream").Readable[]} */ ...outputs) => {
      for (const output of outputs) output.setEncoding("utf8").on("data", (text) => void said.push(text));
    },
  });
  const ask = async (/** @type {number} */ index) => {
    signal.throwIfAborted();
    const answer = await miniflare.dispatchFetch("http://worker/", {
      method: "POST",
      body: JSON.stringify({ url, index }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return /** @type {any} */ (await answer.json());
  };
  try {
    const count = /** @type {number} */ (await ask(-1));
    const results = [];
    for (let index = 0; index < count; index++) results.push(await ask(index));
    return { version: date, results };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${said.join("").slice(-4_000)}`);
  } finally {
    // One that did not start says so a second time.
    await miniflare.dispose().catch(() => {});
  }
}

/** @param {Means} means */
async function edgeLight({ folder, url, signal }) {
  const { bundle, wasm } = await bundleForEdgeLight(folder);
  const script = join("tests", "runtimes", "harness", "edge-runtime.mjs");
  return JSON.parse(
    await runGroup(process.execPath, [script, consumers, bundle, url, ...wasm], { cwd: folder, signal }),
  );
}

/**
 * @param {Means} means
 * @param {() => Promise<Result[]>} work in the page
 * @returns {Promise<Outcome>}
 */
async function chromium({ folder, url, browser }, work) {
  await bundleForBrowsers(folder);
  const opened = await browser();
  const context = await opened.newContext();
  /** @type {string[]} */
  const complaints = [];
  context.on("weberror", (error) => complaints.push(String(error.error())));
  try {
    const page = await context.newPage();
    await page.goto(`${url}/page.html`);
    await page.waitForFunction(() => "runHere" in globalThis, undefined, { timeout: 20_000 });
    return { version: opened.version(), results: await page.evaluate(work) };
  } catch (error) {
    throw new Error([error, ...complaints].join("\n"));
  } finally {
    await context.close();
  }
}

/** @returns {Promise<Result[]>} */
function inModuleWorker() {
  return new Promise((resolve, reject) => {
    const worker = new Worker("/module-worker.js", { type: "module" });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(`the worker failed: ${message}`));
  });
}

/** @returns {Promise<Result[]>} */
async function inServiceWorker() {
  await navigator.serviceWorker.register("/service-worker.js", { type: "module" });
  const { active } = await navigator.serviceWorker.ready;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    active?.postMessage("run", [port2]);
  });
}

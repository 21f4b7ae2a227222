import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { forWorkerd } from "../../../pkg-config/apps.mjs";
import { chromiumPath, chromiumSwitches } from "../../../scripts/lib/chromium.mjs";
import { startWorker } from "../../../scripts/lib/local-worker.mjs";
import { inRoot } from "../../../scripts/lib/paths.mjs";
import { SYSTEM_CLIENT, startSandbox } from "../../../www/sandbox/index.js";
import { Recorder } from "./recorder.mjs";

/**
 * @typedef {Awaited<ReturnType<typeof startWorld>>} World
 * @typedef {import("../../../scripts/lib/outbound.mjs").OutboundRecord} OutboundRecord
 */

/**
 * Real Chromium, the worker under real workerd, the stand-in for Zendesk, and a listener that must never hear anything.
 *
 * @param {import("../../../www/sandbox/index.js").SandboxOptions} [sandboxOptions]
 * @param {{ shipped?: boolean }} [options]  shipped: www/worker as it is, which keeps no record for a test
 */
export async function startWorld(sandboxOptions = {}, { shipped = false } = {}) {
  /** @type {(() => Promise<unknown>)[]} */
  const closers = [];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    return { ...(await buildWorld(sandboxOptions, shipped, closers)), close };
  } catch (error) {
    // What is open already would keep the process from ending.
    await close();
    throw error;
  }
}

/**
 * @param {import("../../../www/sandbox/index.js").SandboxOptions} sandboxOptions
 * @param {boolean} shipped
 * @param {(() => Promise<unknown>)[]} closers
 */
async function buildWorld(sandboxOptions, shipped, closers) {
  const built = shipped ? {} : { built: await bundleWorker() };
  const sandbox = await startSandbox(sandboxOptions);
  closers.push(sandbox.close);
  const foreign = await startForeign();
  closers.push(foreign.close);
  /** @type {OutboundRecord[]} */
  const outbound = [];
  /** @type {string[]} */
  const log = [];
  const worker = await startWorker({
    sandboxPort: sandbox.port,
    bindings: { SYSTEM_CLIENT: JSON.stringify(SYSTEM_CLIENT) },
    ...built,
    onOutbound: (record) => void outbound.push(record),
    log: (line) => void log.push(line),
  });
  closers.push(worker.dispose);
  for (const path of ["/console/callback", "/oauth/callback"]) sandbox.addRedirectUri(worker.url + path);
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumSwitches });
  closers.push(() => browser.close());
  const recorder = new Recorder(worker.url);

  /** Once more where workerd has just closed the connection that was kept from the time before. @param {string} path */
  const askTest = (path) => fetch(worker.url + path).catch(() => fetch(worker.url + path));

  return {
    sandbox,
    foreign,
    worker,
    browser,
    recorder,
    outbound,
    log,
    /** Moves the worker's clock; the stand-in's and the browser's stay. */
    async setWorkerClock(/** @type {number} */ offset) {
      await askTest(`/test/clock?offset=${offset}`);
    },
    /** Takes everything that is stored away, so that each run finds a worker that nobody has used. */
    async reset() {
      await askTest("/test/reset");
    },
    /** @returns {Promise<import("./recorder.mjs").WorkerRecord>} */
    async workerRecord() {
      return (await askTest("/test/record")).json();
    },
  };
}

async function bundleWorker() {
  const folder = inRoot("tests", "output", "worker");
  await build({
    entryPoints: [fileURLToPath(new URL("../worker/main.ts", import.meta.url))],
    outdir: folder,
    ...forWorkerd,
  });
  return folder;
}

/** Another host, as far as the worker and the browser can see: whatever comes here was sent to the wrong place. */
async function startForeign() {
  /** @type {{ method: string, host: string, url: string, body: string }[]} */
  const requests = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const { method = "", url = "", headers } = request;
    requests.push({ method, url, host: headers.host ?? "", body });
    response.setHeader("content-type", "application/json");
    response.end('{"access_token":"stolen","token_type":"bearer"}');
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    port,
    origin: `http://evil.localhost:${port}`,
    requests,
    close: () => new Promise((resolve) => server.close(() => resolve(undefined))),
  };
}

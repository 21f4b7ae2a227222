import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { forWorkerd } from "../../../pkg-config/apps.mjs";
import { chromiumPath, chromiumSwitches } from "../../../scripts/lib/chromium.mjs";
import { startWorker } from "../../../scripts/lib/local-worker.mjs";
import { dist, inRoot } from "../../../scripts/lib/paths.mjs";
import { SECRETS, startSandbox } from "../../../www/sandbox/index.js";

/** @typedef {Awaited<ReturnType<typeof startWorld>>} World */

/**
 * Real Chromium, a product's pages and worker under real workerd, and the stand-in for Zendesk.
 *
 * @param {import("../../../www/sandbox/index.js").SandboxOptions} [sandboxOptions]
 */
export async function startWorld(sandboxOptions = {}) {
  const folder = inRoot("tests", "output", `connect-${randomBytes(4).toString("hex")}`);
  /** @type {(() => unknown)[]} */
  const closers = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    const assets = join(folder, "assets");
    mkdirSync(assets, { recursive: true });
    for (const part of ["connect.js", "connect", "browser"]) {
      cpSync(join(dist, part), join(assets, "pkg", part), { recursive: true });
    }
    cpSync(fileURLToPath(new URL("../pages", import.meta.url)), join(assets, "pages"), { recursive: true });
    await build({
      entryPoints: { main: fileURLToPath(new URL("worker.ts", import.meta.url)) },
      outdir: join(folder, "worker"),
      ...forWorkerd,
    });
    const sandbox = await startSandbox(sandboxOptions);
    closers.push(sandbox.close);
    const systemClient = { clientId: "zdg-product", clientSecret: SECRETS["zdg-product"], scope: "read write" };
    const worker = await startWorker({
      sandboxPort: sandbox.port,
      bindings: { SYSTEM_CLIENT: JSON.stringify(systemClient) },
      built: join(folder, "worker"),
      assets,
    });
    closers.push(worker.dispose);
    for (const path of ["/pages/callback", "/oauth/callback"]) sandbox.addRedirectUri(worker.url + path);
    const browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumSwitches });
    closers.push(() => browser.close());
    return { sandbox, worker, browser, close, ...calls(worker) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @param {{ url: string }} worker */
function calls({ url }) {
  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @param {string} [who] as the query of a session, an admin unless told
   * @returns {Promise<any>}
   */
  const ask = async (method, path, body, who = "role=admin") => {
    const session = await (await fetch(`${url}/test/session?${who}`)).text();
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${session}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return response.status === 204 ? undefined : response.json();
  };
  return {
    ask,
    /** Moves the worker's clock by milliseconds. */
    moveClock: (/** @type {number} */ offset) => fetch(`${url}/test/clock?offset=${offset}`),
    /** An empty store, and other options of the configuration. */
    reset: (/** @type {object} */ options = {}) =>
      fetch(`${url}/test/reset`, { method: "POST", body: JSON.stringify(options) }),
  };
}

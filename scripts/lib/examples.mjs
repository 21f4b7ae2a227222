import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { forWorkerd } from "../../pkg-config/apps.mjs";
import { SYSTEM_CLIENT } from "../../www/sandbox/index.js";
import { startWorker } from "./local-worker.mjs";
import { dist, inRoot } from "./paths.mjs";
import { tryPort } from "./ports.mjs";
import { Problem, run } from "./step.mjs";

/**
 * @typedef {"html" | "react" | "vue" | "svelte"} ExampleName
 *
 * @typedef {object} Example
 * @property {string} url  where the app is
 * @property {string} worker  where zendesk-auth's worker is: on an origin of its own, or below the app's
 * @property {string} adminKey
 * @property {() => Promise<void>} dispose
 *
 * @typedef {object} ExampleOptions
 * @property {import("../../www/sandbox/index.js").Sandbox} sandbox
 * @property {number} [port]  of the app; 0 or nothing: any free one
 * @property {number} [workerPort]
 * @property {(line: string) => void} [log]
 */

export const exampleNames = /** @type {const} */ (["html", "react", "vue", "svelte"]);

/**
 * Builds an example as its README says and runs it under workerd, before a stand-in for Zendesk. OAuth - System is
 * enabled for users, as an admin would have done it.
 *
 * @param {ExampleName} name
 * @param {ExampleOptions} options
 * @returns {Promise<Example>}
 */
export async function startExample(name, options) {
  const example = name === "html" ? await onOneOrigin(options) : await onTwoOrigins(name, options);
  const { sandbox } = options;
  for (const redirectUri of [`${example.worker}/oauth/callback`, `${example.url}/zendesk/callback`]) {
    sandbox.addRedirectUri(redirectUri);
  }
  await allowUsers(example);
  return example;
}

/** @param {ExampleOptions} options */
async function onOneOrigin({ sandbox, port, log }) {
  const assets = place("html", "assets");
  rmSync(assets, { recursive: true, force: true });
  cpSync(source("html", "public"), assets, { recursive: true });
  for (const part of ["connect.js", "connect", "browser"]) {
    cpSync(join(dist, part), join(assets, "zendesk-auth", part), { recursive: true });
  }
  const app = await startWorker({
    ...common(sandbox, log),
    ...(port && { port }),
    built: await bundle("html", source("html", "worker.js")),
    assets,
  });
  return { url: app.url, worker: `${app.url}/zendesk`, adminKey: app.adminKey, dispose: app.dispose };
}

/**
 * @param {Exclude<ExampleName, "html">} name
 * @param {ExampleOptions} options
 */
async function onTwoOrigins(name, { sandbox, port = 0, workerPort = 0, log }) {
  const free = await tryPort(port);
  if (free === undefined) throw new Problem(`port ${port} is taken; end what listens there, or choose another`);
  const assets = place(name, "assets");
  const { bindings, ...others } = common(sandbox, log);
  const worker = await startWorker({
    ...others,
    port: workerPort,
    bindings: { ...bindings, APP_URL: `http://localhost:${free}` },
    built: await bundle("worker", source("worker", "main.js")),
    assets: source("worker"),
  });
  try {
    await run(
      process.execPath,
      [inRoot("node_modules", "vite", "bin", "vite.js"), "build", "--outDir", assets, "--emptyOutDir"],
      { cwd: source(name), env: { VITE_WORKER_URL: worker.url } },
    );
    const app = await startWorker({
      port: free,
      bindings: { WORKER_URL: worker.url, ADMIN_KEY: worker.adminKey },
      built: await bundle(name, source(name, "backend.ts")),
      assets,
      ...(log && { log }),
    });
    const dispose = async () => void (await Promise.all([app.dispose(), worker.dispose()]));
    return { url: app.url, worker: worker.url, adminKey: worker.adminKey, dispose };
  } catch (error) {
    await worker.dispose();
    throw error;
  }
}

/** @param {ExampleOptions["sandbox"]} sandbox @param {ExampleOptions["log"]} log */
function common(sandbox, log) {
  return {
    sandboxPort: sandbox.port,
    bindings: { SYSTEM_CLIENT: JSON.stringify(SYSTEM_CLIENT) },
    ...(log && { log }),
  };
}

/** @param {Example} example */
async function allowUsers({ worker, adminKey }) {
  const call = async (/** @type {string} */ method, /** @type {string} */ path, bearer = "", body = {}) => {
    const answer = await fetch(worker + path, {
      method,
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Problem(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const { session } = await call("POST", "/sessions", adminKey, { role: "admin" });
  await call("PUT", "/integration", session, { authorization: "oauth-system", access: "allow-users" });
  await call("POST", "/integration/enable", session);
}

/** @param {string} name @param {string} entry */
async function bundle(name, entry) {
  const outdir = place(name, "worker");
  await build({ entryPoints: { main: entry }, outdir, ...forWorkerd });
  return outdir;
}

/** @param {...string} path */
const source = (...path) => inRoot("examples", ...path);
/** @param {...string} path */
const place = (...path) => inRoot("target", "examples", ...path);

import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Log, LogLevel, Miniflare } from "miniflare";
import { newKeys, openLocalData } from "./local-data.mjs";
import { outbound } from "./outbound.mjs";
import { inRoot } from "./paths.mjs";
import { tryPort } from "./ports.mjs";
import { filesUnder } from "./stamp.mjs";
import { Problem } from "./step.mjs";

/**
 * @typedef {object} LocalWorkerOptions
 * @property {number} [port] 0 or nothing: any free one
 * @property {number} [sandboxPort] where the stand-in for Zendesk listens; nothing: Zendesk itself
 * @property {Record<string, string>} [bindings] instead of, or besides, the ones made here
 * @property {(record: import("./outbound.mjs").OutboundRecord) => void} [onOutbound] hears of each request the worker sent
 * @property {string} [built] a folder with another main.js than www/worker/dist, as tests have
 * @property {string} [assets] a folder with other files than the console's
 * @property {string} [data] a folder that keeps connections and keys for the next run; nothing: both end with this one
 * @property {(line: string) => void} [log] gets each line that the worker or workerd writes
 *
 * @typedef {object} LocalWorker
 * @property {string} url
 * @property {number} port
 * @property {string} adminKey
 * @property {{ kid: string, key: string }[]} sealingKeys
 * @property {() => Promise<unknown>} sweep what a cron trigger does every minute where workers are hosted
 * @property {() => Promise<void>} dispose
 */

/**
 * www/worker under workerd.
 * @param {LocalWorkerOptions} [options]
 * @returns {Promise<LocalWorker>}
 */
export async function startWorker({
  port = 0,
  sandboxPort,
  bindings = {},
  onOutbound,
  built = inRoot("www", "worker", "dist"),
  assets = inRoot("www", "console", "dist"),
  data,
  log = () => {},
} = {}) {
  if (!existsSync(join(built, "main.js")) || !existsSync(assets)) {
    throw new Problem("the worker or the console is not built yet; run `npm run build` first");
  }
  const free = await tryPort(port);
  if (free === undefined) throw new Problem(`port ${port} is taken; end what listens there, or choose another`);

  const url = `http://localhost:${free}`;
  const kept = data === undefined ? undefined : await openLocalData(data, free);
  const { adminKey, sealingKeys } = kept?.keys ?? newKeys();
  const accountTemplate =
    bindings.ACCOUNT_TEMPLATE ??
    (sandboxPort ? `http://{subdomain}.localhost:${sandboxPort}` : "https://{subdomain}.zendesk.com");
  const given = {
    PUBLIC_URL: url,
    ADMIN_KEY: adminKey,
    SEALING_KEYS: JSON.stringify(sealingKeys),
    ACCOUNT_TEMPLATE: accountTemplate,
    ...bindings,
  };

  const main = readFileSync(join(built, "main.js"), "utf8");
  const miniflare = new Miniflare({
    name: "zendesk-auth",
    host: "127.0.0.1",
    port: free,
    compatibilityDate: "2026-04-01",
    modulesRoot: built,
    modules: modulesIn(built, main),
    bindings: given,
    // A worker with a store of its own exports no such class.
    ...(main.includes("StoreObject") && { durableObjects: { STORE: { className: "StoreObject", useSQLite: true } } }),
    ...(kept && { durableObjectsPersist: kept.objects }),
    assets: {
      directory: assets,
      binding: "ASSETS",
      routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
    },
    outboundService: outbound({ accountTemplate, ...(onOutbound && { onOutbound }) }),
    cf: false,
    log: new Log(LogLevel.NONE),
    handleStructuredLogs: (/** @type {{ message: string }} */ { message }) => {
      log(message);
    },
  });
  try {
    await miniflare.ready;
  } catch (error) {
    await miniflare.dispose().catch(() => {});
    kept?.release();
    throw error;
  }
  return {
    url,
    port: free,
    adminKey: given.ADMIN_KEY,
    sealingKeys: JSON.parse(given.SEALING_KEYS),
    // Its declared type is that of another kind of binding.
    sweep: async () => /** @type {any} */ (await miniflare.getWorker()).scheduled({ cron: "* * * * *" }),
    async dispose() {
      await miniflare.dispose();
      kept?.release();
    },
  };
}

/** @param {string} folder @param {string} main @returns {import("miniflare").ModuleDefinition[]} */
function modulesIn(folder, main) {
  const wasm = filesUnder(folder).filter((file) => file.endsWith(".wasm"));
  return [
    { type: "ESModule", path: join(folder, "main.js"), contents: main },
    ...wasm.map((path) => ({
      type: /** @type {const} */ ("CompiledWasm"),
      path: join(folder, basename(path)),
      contents: readFileSync(path),
    })),
  ];
}

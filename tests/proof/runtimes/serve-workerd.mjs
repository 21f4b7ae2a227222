// workerd with its objects on disk: prints where its services listen, and runs until it is killed.
import { build } from "esbuild";
import { Log, LogLevel, Miniflare } from "miniflare";
import { forWorkerd } from "../../../pkg-config/apps.mjs";

/** @type {import("./service.mjs").Settings} */
const settings = JSON.parse(process.argv[2] ?? "");
const { services = 1, shared, store, edge } = settings;
const standInPort = new URL(edge.accountTemplate?.replace("{subdomain}.", "") ?? "").port;

const entryPoints = [new URL("worker.mjs", import.meta.url).pathname];
const bundled = await build({ entryPoints, outdir: "/", ...forWorkerd, write: false });
const [main, wasm] = [".js", ".wasm"].map((end) => bundled.outputFiles.find(({ path }) => path.endsWith(end)));
if (!main || !wasm) throw new Error("the worker was not bundled");
const owner = "service-0";
const name = (/** @type {number} */ index) => `${shared?.isGuest ? "guest" : "service"}-${index}`;

const miniflare = new Miniflare({
  workers: Array.from({ length: services }, (_, index) => ({
    name: name(index),
    modules: [
      { type: "ESModule", path: "main.mjs", contents: main.text },
      { type: "CompiledWasm", path: "zendesk_auth_edge.wasm", contents: wasm.contents },
    ],
    compatibilityDate: "2026-04-01",
    bindings: { SETTINGS: JSON.stringify(settings) },
    // Each service is an isolate of its own; the objects belong to one of them, which may be in another process.
    durableObjects: {
      STORE: { className: "StoreObject", useSQLite: true, ...(name(index) !== owner && { scriptName: owner }) },
    },
    // workerd's own connections, all of them to the stand-in: it does not know `*.localhost`, and the host is in the header.
    outboundService: { external: { address: `127.0.0.1:${standInPort}`, http: {} } },
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
  })),
  // A guest that had objects of its own would find nothing in them.
  durableObjectsPersist: shared?.isGuest ? `${store.at}-of-guest` : store.at,
  ...(shared && { unsafeDevRegistryPath: shared.registry }),
  cf: false,
  log: new Log(LogLevel.NONE),
  handleStructuredLogs: (/** @type {{ message: string }} */ { message }) => console.error(message),
});
await miniflare.ready;
const urls = await Promise.all(
  Array.from({ length: services }, (_, index) => miniflare.unsafeGetDirectURL(name(index))),
);
console.log(JSON.stringify(urls.map(({ origin }) => origin)));

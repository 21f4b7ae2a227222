import { build } from "esbuild";
import { Log, LogLevel, Miniflare } from "miniflare";
import { forWorkerd } from "../../../pkg-config/apps.mjs";

/**
 * worker.mjs under workerd, with its objects and database on disk.
 * @param {string} folder
 */
export async function serveWorker(folder) {
  const entryPoint = new URL("worker.mjs", import.meta.url).pathname;
  const bundled = await build({ entryPoints: [entryPoint], outdir: "/", ...forWorkerd, write: false });
  const miniflare = new Miniflare({
    name: "stores",
    modules: true,
    script: bundled.outputFiles[0]?.text ?? "",
    compatibilityDate: "2024-01-01",
    durableObjects: { STORE: { className: "StoreObject", useSQLite: true } },
    durableObjectsPersist: `${folder}/objects`,
    d1Databases: ["DB"],
    d1Persist: `${folder}/d1`,
    cf: false,
    log: new Log(LogLevel.NONE),
  });
  const url = await miniflare.ready;
  return { url, miniflare };
}

// Run by itself, so that a test can end all of it at any moment.
if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { url } = await serveWorker(process.argv[2] ?? "");
  console.log(url.href);
}

import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { forWorkerd } from "../../pkg-config/apps.mjs";
import { inRoot } from "../../scripts/lib/paths.mjs";

/**
 * Puts the suite beside the installed package, so that it finds that one and no other.
 * @param {string} folder with node_modules
 */
export function placeSuite(folder) {
  for (const part of ["runtimes", "artifact"]) {
    cpSync(inRoot("tests", part), join(folder, "tests", part), { recursive: true });
  }
  cpSync(join(folder, "node_modules", "zendesk-auth"), join(folder, "public", "package"), { recursive: true });
  const page = '<!doctype html><link rel="icon" href="data:,"><title>suite</title>';
  writeFileSync(join(folder, "public", "page.html"), `${page}<script type="module" src="/page.js"></script>`);
}

/** @param {string} folder @param {string} name */
const harness = (folder, name) => join(folder, "tests", "runtimes", "harness", `${name}.mjs`);

/** Neither kind of worker knows import maps, so all three get a bundle. @param {string} folder */
export const bundleForBrowsers = (folder) =>
  build({
    entryPoints: ["page", "module-worker", "service-worker"].map((name) => harness(folder, name)),
    outdir: join(folder, "public"),
    bundle: true,
    format: "esm",
    logLevel: "error",
  });

/** @param {string} folder @returns {Promise<string>} where the bundle and its wasm are */
export async function bundleForWorkerd(folder) {
  const outdir = join(folder, "workerd");
  await build({ entryPoints: { main: harness(folder, "workerd") }, outdir, ...forWorkerd, logLevel: "error" });
  return outdir;
}

/** @param {string} folder @returns {Promise<{ bundle: string, wasm: string[] }>} */
export async function bundleForEdgeLight(folder) {
  const bundle = join(folder, "edge-light", "main.js");
  mkdirSync(join(folder, "edge-light"), { recursive: true });
  await build({
    entryPoints: [harness(folder, "edge-light")],
    outfile: bundle,
    bundle: true,
    format: "iife",
    conditions: ["edge-light"],
    logLevel: "error",
    plugins: [asGlobals],
  });
  const own = join(folder, "node_modules", "zendesk-auth");
  return { bundle, wasm: readdirSync(own).flatMap((file) => (file.endsWith(".wasm") ? [join(own, file)] : [])) };
}

/** As Vercel's builder does it: a `?module` becomes a global that the runtime has. @type {import("esbuild").Plugin} */
const asGlobals = {
  name: "wasm modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: "wasm" }));
    onLoad({ filter: /.*/, namespace: "wasm" }, ({ path }) => {
      const name = path.replace(/^.*\//, "").replace("?module", "");
      return { contents: `export default globalThis[${JSON.stringify(name)}]` };
    });
  },
};

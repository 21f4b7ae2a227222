import { existsSync, readFileSync, rmSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { build } from "esbuild";
import { dist, inRoot } from "../scripts/lib/paths.mjs";
import { filesUnder, writeIfChanged } from "../scripts/lib/stamp.mjs";
import { Problem } from "../scripts/lib/step.mjs";

const assets = [".svg", ".png", ".ico", ".woff2", ".txt"];

/** How a worker is bundled for workerd, in the build and in tests: the wasm stays a file beside it. */
export const forWorkerd = /** @satisfies {import("esbuild").BuildOptions} */ ({
  bundle: true,
  format: "esm",
  target: "es2022",
  conditions: ["workerd", "worker"],
  loader: { ".wasm": "copy" },
  assetNames: "[name]",
});

/** Both are bundled with no setting that their own users would not have; both import the package by its name. */
export async function buildConsole() {
  needPackage();
  const source = inRoot("www", "console");
  const out = join(source, "dist");
  /** @type {Map<string, Uint8Array>} */
  const files = new Map();
  const bundled = await build({
    entryPoints: ["main.ts", "user.ts", "callback.ts", "console.css"].map((name) => join(source, name)),
    outdir: join(out, "console"),
    bundle: true,
    // What the pages share is loaded once; a language, when it is chosen.
    splitting: true,
    minify: true,
    write: false,
    format: "esm",
    target: ["chrome114", "safari16.4", "firefox115"],
    legalComments: "none",
    loader: Object.fromEntries(assets.map((extension) => [extension, "file"])),
  });
  for (const file of bundled.outputFiles) files.set(file.path, file.contents);
  files.set(join(out, "index.html"), readFileSync(join(source, "index.html")));
  for (const page of ["user.html", "callback.html"]) {
    files.set(join(out, "console", page), readFileSync(join(source, page)));
  }
  for (const file of filesUnder(source)) {
    const inside = relative(source, file);
    if (!inside.startsWith("dist") && assets.includes(extname(file)))
      files.set(join(out, "console", inside), readFileSync(file));
  }
  replaceFolder(out, files);
}

export async function buildWorker() {
  needPackage();
  const out = inRoot("www", "worker", "dist");
  const bundled = await build({
    entryPoints: [inRoot("www", "worker", "main.ts")],
    outdir: out,
    ...forWorkerd,
    write: false,
    legalComments: "none",
  });
  replaceFolder(out, new Map(bundled.outputFiles.map((file) => [file.path, file.contents])));
}

function needPackage() {
  if (!existsSync(join(dist, "package.json")))
    throw new Problem("pkg-config/dist is missing; run `npm run build` for all parts");
}

/**
 * @param {string} folder
 * @param {Map<string, Uint8Array>} files
 */
function replaceFolder(folder, files) {
  for (const [path, content] of files) writeIfChanged(path, content);
  for (const file of filesUnder(folder)) if (!files.has(file)) rmSync(file);
}

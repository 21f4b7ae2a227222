import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { brotliCompressSync, gzipSync, constants as zlib } from "node:zlib";
import { build } from "esbuild";
import { artifactFiles } from "../pkg-config/wasm.mjs";
import { inRoot } from "./lib/paths.mjs";
import { entry, Problem, run } from "./lib/step.mjs";

/** @typedef {{ raw: number, gzip: number, brotli: number }} Size */

const usage = `npm run size                   a table of what the artifacts weigh
npm run -s size -- --json      the same as JSON
npm run size -- --why [n]      and the n largest functions of each (25)`;

await entry(async () => {
  const { values, positionals } = parseArgs({
    options: { json: { type: "boolean" }, why: { type: "boolean" }, help: { type: "boolean" } },
    allowPositionals: true,
  });
  if (values.help) return console.log(usage);
  if (!existsSync(inRoot("pkg-config", "dist", "package.json"))) throw new Problem("build first: npm run build");
  const sizes = await measure();
  if (values.json) return console.log(JSON.stringify(sizes));
  console.log(table(sizes));
  if (!values.why) return;
  for (const artifact of /** @type {const} */ (["browser", "edge"])) {
    console.log(`\n${artifact}: largest parts of the wasm, bytes before compression\n`);
    console.log(await largest(artifact, Number(positionals[0] ?? 25)));
  }
});

async function measure() {
  const browser = await artifactSizes("zendesk-auth", "zendesk_auth.wasm");
  const inline = sizeOf(await bundle("zendesk-auth", []));
  const edge = await artifactSizes("zendesk-auth/edge", "zendesk_auth_edge.wasm");
  const component = sizeOf(readFileSync(inRoot("pkg-config", "dist", "connect.js")));
  const language = sizeOf(readFileSync(inRoot("pkg-config", "dist", "connect", "de.js")));
  return { browser, inline: { total: inline }, edge, component: { total: component, language } };
}

/**
 * The glue is what a bundler makes of the entry that imports the wasm as a file; the two travel apart.
 * @param {string} specifier
 * @param {string} wasmFile
 */
async function artifactSizes(specifier, wasmFile) {
  const wasm = sizeOf(readFileSync(inRoot("pkg-config", "dist", wasmFile)));
  const glue = sizeOf(await bundle(specifier, ["workerd"]));
  return { wasm, glue, total: sum(wasm, glue) };
}

/**
 * @param {string} specifier
 * @param {string[]} conditions
 */
async function bundle(specifier, conditions) {
  const result = await build({
    stdin: { contents: `export * from "${specifier}";`, resolveDir: inRoot() },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions,
    external: ["*.wasm"],
  });
  return Buffer.from(result.outputFiles[0]?.contents ?? "");
}

/** @param {Uint8Array} bytes @returns {Size} */
function sizeOf(bytes) {
  const params = { [zlib.BROTLI_PARAM_QUALITY]: 11, [zlib.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params }).length,
  };
}

/** @param {Size} a @param {Size} b @returns {Size} */
function sum(a, b) {
  return { raw: a.raw + b.raw, gzip: a.gzip + b.gzip, brotli: a.brotli + b.brotli };
}

/** @param {Awaited<ReturnType<typeof measure>>} sizes */
function table({ browser, inline, edge, component }) {
  const rows = [
    ["", "raw", "gzip 9", "brotli 11"],
    ...Object.entries(browser).map(([part, size]) => row(`browser ${part}`, size)),
    row("browser, default entry (inlined)", inline.total),
    ...Object.entries(edge).map(([part, size]) => row(`edge ${part}`, size)),
    row("component, Lit and English in it", component.total),
    row("component, another language (de)", component.language),
  ];
  return rows
    .map(([name = "", ...cells]) => name.padEnd(34) + cells.map((cell) => cell.padStart(11)).join(""))
    .join("\n");
}

/** @param {string} name @param {Size} size */
function row(name, { raw, gzip, brotli }) {
  return [name, ...[raw, gzip, brotli].map((bytes) => bytes.toLocaleString("en"))];
}

/**
 * Names survive only in the build before wasm-opt strips them, so that one is optimized again for its metrics.
 * @param {"browser" | "edge"} artifact
 * @param {number} count
 */
async function largest(artifact, count) {
  const wasmOpt = inRoot("node_modules", "binaryen", "bin", "wasm-opt");
  const metrics = await run(process.execPath, [
    wasmOpt,
    artifactFiles(artifact).named,
    "-Oz",
    "--func-metrics",
    "-o",
    inRoot("target", "npm", "why.wasm"),
  ]);
  const data = Number(/\[memory-data\]\s*:\s*(\d+)/.exec(metrics)?.[1] ?? 0);
  const functions = [...metrics.matchAll(/^func: (.+)\n \[binary-bytes\] : (\d+)/gm)].map(([, name = "", bytes]) => ({
    name,
    bytes: Number(bytes),
  }));
  const all = [{ name: "(data: texts and tables)", bytes: data }, ...functions].sort((a, b) => b.bytes - a.bytes);
  const code = functions.reduce((total, { bytes }) => total + bytes, 0);
  const shown = all
    .slice(0, count)
    .map(
      ({ name, bytes }) =>
        `${String(bytes).padStart(8)}  ${name.replace(/::h[0-9a-f]{16}$/, "").replace(/\[[0-9a-f]{16}\]/g, "")}`,
    );
  return [...shown, `${String(code).padStart(8)}  all ${functions.length} functions`].join("\n");
}

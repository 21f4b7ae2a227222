import { existsSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { artifactFiles, hasStdSources } from "../pkg-config/wasm.mjs";
import { inRoot } from "./lib/paths.mjs";
import { entry, Problem, run, say } from "./lib/step.mjs";
import { measure } from "./size/measure.mjs";
import { judged, recordFile, recordOf } from "./size/record.mjs";

/** @typedef {import("./size/measure.mjs").Size} Size */

const usage = `npm run size                   a table of what the artifacts weigh
npm run -s size -- --json      the same as JSON
npm run size -- --why [n]      and the n largest functions of each (25)
npm run size -- --record       keep these sizes as what later ones are held against (scripts/size/recorded.json)`;

await entry(async () => {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: "boolean" },
      why: { type: "boolean" },
      record: { type: "boolean" },
      help: { type: "boolean" },
    },
    allowPositionals: true,
  });
  if (values.help) return console.log(usage);
  if (!existsSync(inRoot("pkg-config", "dist", "package.json"))) throw new Problem("build first: npm run build");
  const sizes = await measure();
  if (values.record) writeFileSync(recordFile, `${JSON.stringify(recordOf(sizes), null, 2)}\n`);
  if (values.json) return console.log(JSON.stringify(sizes));
  console.log(table(sizes));
  const judgements = judged(sizes);
  console.log(`\n${judgements.map(({ text }) => text).join("\n")}`);
  if (!(await hasStdSources())) {
    return say("not judged: without `rustup component add rust-src` the artifacts are larger than what is published");
  }
  const broken = judgements.filter(({ isBroken }) => isBroken);
  if (broken.length > 0) throw new Problem(`too large: ${broken.map(({ name }) => name).join(", ")}`);
  if (!values.why) return;
  for (const artifact of /** @type {const} */ (["browser", "edge"])) {
    console.log(`\n${artifact}: largest parts of the wasm, bytes before compression\n`);
    console.log(await largest(artifact, Number(positionals[0] ?? 25)));
  }
});

/** @param {Awaited<ReturnType<typeof measure>>} sizes */
function table({ browser, inline, edge, component, peers }) {
  const rows = [
    ["", "raw", "gzip 9", "brotli 11"],
    ...Object.entries(browser).map(([part, size]) => row(`browser ${part}`, size)),
    row("browser, default entry (inlined)", inline.total),
    ...Object.entries(edge).map(([part, size]) => row(`edge ${part}`, size)),
    row("component, Lit and English in it", component.total),
    row("component, another language (de)", component.language),
    ...Object.entries(peers).map(([peer, size]) => row(`for comparison: ${peer}`, size)),
  ];
  return rows
    .map(([name = "", ...cells]) => name.padEnd(40) + cells.map((cell) => cell.padStart(11)).join(""))
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

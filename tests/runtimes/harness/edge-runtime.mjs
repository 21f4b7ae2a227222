// Runs the bundle of edge-light.mjs in the npm package edge-runtime, as a process of its own.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [consumers = "", bundle = "", url = "", ...wasm] = process.argv.slice(2);
const { EdgeRuntime } = createRequire(`${consumers}/`)("edge-runtime");
const runtime = new EdgeRuntime({
  initialCode: readFileSync(bundle, "utf8"),
  // Where it is hosted, no bytes are compiled while it runs.
  codeGeneration: { strings: false, wasm: false },
  extend: (/** @type {any} */ context) => {
    // Modules come from another realm there, too.
    for (const file of wasm) {
      context[/** @type {string} */ (file.split("/").at(-1))] = new WebAssembly.Module(readFileSync(file));
    }
    return context;
  },
});
const answer = await runtime.dispatchFetch("http://edge.example/", { method: "POST", body: url });
const { version } = createRequire(`${consumers}/`)("edge-runtime/package.json");
console.log(JSON.stringify({ version, results: await answer.json() }));
process.exit(0);

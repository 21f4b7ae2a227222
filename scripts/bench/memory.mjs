import { spawn } from "node:child_process";
import { once } from "node:events";
import { inRoot } from "../lib/paths.mjs";
import { Problem, step } from "../lib/step.mjs";

/** @typedef {{ requests: number, wasm: number, heap: number, external: number }} Held bytes, after garbage was collected */

const early = 10_000;
const goal = 1.1;

/**
 * What an isolate holds after `count` requests, against the same after 10,000: the WebAssembly's memory, and JavaScript's
 * heap and buffers after collecting. The requests are of many kinds (`memory/isolate.mjs`).
 * @param {number} count
 */
export async function memory(count) {
  if (!Number.isInteger(count) || count < 2 * early || count > 10_000_000) {
    throw new Problem(`--count is a number from ${2 * early} to 10000000`);
  }
  return step(`memory: ${count} requests to one isolate`, async () => {
    const program = inRoot("scripts", "bench", "memory", "isolate.mjs");
    const child = spawn(process.execPath, ["--expose-gc", program, String(early), String(count)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part) => {
      text += part;
    });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Problem(`the isolate ended with ${code}`);
    const [first, last] = /** @type {[Held, Held]} */ (JSON.parse(text));
    const sum = (/** @type {Held} */ { wasm, heap, external }) => wasm + heap + external;
    const ratio = sum(last) / sum(first);
    return { first, last, ratio, goal, isWithinGoal: ratio <= goal };
  });
}

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { inRoot } from "../../lib/paths.mjs";
import { denoPath, denoRun } from "../../lib/runtimes.mjs";
import { fillInSteps } from "./fill.mjs";

/** @type {import("../scale.mjs").Driver} */
export const denoKv = {
  async fill(folder, count) {
    /** @type {ReturnType<typeof start> | undefined} */
    let deno;
    try {
      await fillInSteps(folder, count, 20_000, async (from, to) => {
        deno ??= start(folder);
        await deno.ask({ fill: { from, to, count } });
      });
    } finally {
      await deno?.close();
    }
  },
  async open(folder, count) {
    const deno = start(folder);
    return { count, execute: (calls) => deno.ask({ calls }), close: deno.close };
  },
};

/**
 * deno-kv-run.mjs in a process of its own, which reads and writes one JSON text a line.
 * @param {string} folder
 */
function start(folder) {
  const args = [
    ...denoRun,
    "--unstable-kv",
    "--allow-all",
    inRoot("scripts", "bench", "scale", "deno-kv-run.mjs"),
    folder,
  ];
  const child = spawn(denoPath(), args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    /** @param {object} question @returns {Promise<any>} */
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error("Deno ended");
      return JSON.parse(value);
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}

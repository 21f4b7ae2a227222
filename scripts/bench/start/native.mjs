import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { inRoot } from "../../lib/paths.mjs";
import { run, step } from "../../lib/step.mjs";

/** The same Rust, compiled for this machine and for speed. */
export async function native() {
  const args = ["build", "--locked", "--profile", "native", "--features", "edge", "--example", "start"];
  await step("native program", () => run("cargo", args));
  const child = spawn(inRoot("target", "native", "examples", "start"), [], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    /** @type {import("../rounds.mjs").Subject} */
    async subject(ms) {
      child.stdin.write(`${ms}\n`);
      return Number((await lines.next()).value) / 1000;
    },
    close: async () => void child.stdin.end(),
  };
}

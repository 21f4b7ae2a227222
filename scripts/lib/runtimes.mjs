import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { inRoot } from "./paths.mjs";

/** The program itself: what npm links to starts it as a child that a signal to its parent does not reach. */
export function denoPath() {
  const program = inRoot("node_modules", "deno", "deno");
  if (!existsSync(program)) spawnSync(process.execPath, [inRoot("node_modules", "deno", "bin.cjs"), "--version"]);
  return program;
}

/** What lets Deno run a file of this repository, with packages from node_modules and without asking the network. */
export const denoRun = ["run", "--quiet", "--no-lock", "--no-prompt", "--cached-only", "--node-modules-dir=manual"];

export function bunPath() {
  return inRoot("node_modules", ".bin", "bun");
}

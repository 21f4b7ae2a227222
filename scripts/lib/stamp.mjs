import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inRoot } from "./paths.mjs";
import { Problem, say } from "./step.mjs";

/**
 * Every file at or below `path`, in an order that does not depend on the file system.
 * @param {string} path
 * @returns {string[]}
 */
export function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)]))
    .sort();
}

/** @param {string[]} paths files and folders @returns {string} */
export function hashOf(paths) {
  const hash = createHash("sha256");
  for (const file of paths.flatMap(filesUnder)) hash.update(`${file}\0`).update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

/**
 * Runs `work` unless it already ran on these very inputs and its outputs are still there.
 * @param {string} stamp the file that remembers the inputs
 * @param {{ inputs: string[], outputs: string[] }} files
 * @param {() => Promise<void>} work
 */
export async function unlessDone(stamp, { inputs, outputs }, work) {
  const wanted = hashOf(inputs);
  if (outputs.every(existsSync) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return false;
  rmSync(stamp, { force: true });
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
  return true;
}

/**
 * Writes only what changed, so that whoever watches or serves the file is left in peace.
 * @param {string} path
 * @param {string | Uint8Array} content
 */
export function writeIfChanged(path, content) {
  const bytes = Buffer.from(content);
  if (existsSync(path) && readFileSync(path).equals(bytes)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

/** @param {number} pid */
export function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/**
 * One build at a time: two that write the same folder would leave a mixture behind.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {number} [patience] milliseconds
 * @returns {Promise<T>}
 */
export async function exclusively(name, work, patience = 10 * 60_000) {
  const lock = inRoot("target", `${name}.lock`);
  mkdirSync(dirname(lock), { recursive: true });
  const until = Date.now() + patience;
  for (let told = false; ; told = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    const holder = Number(existsSync(lock) && readFileSync(lock, "utf8"));
    if (holder && !isRunning(holder)) rmSync(lock, { force: true });
    else if (Date.now() > until) throw new Problem(`another build (process ${holder}) has held ${lock} for too long`);
    else {
      if (!told) say(`  … waiting for another build (process ${holder})`);
      await sleep(200);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

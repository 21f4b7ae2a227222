import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Brings a folder to that many connections, a step at a time, and goes on where an earlier run was ended.
 * @param {string} folder
 * @param {number} count
 * @param {number} step
 * @param {(from: number, to: number) => Promise<void>} work writes the connections from one index up to another; may
 *   meet some that are there already
 */
export async function fillInSteps(folder, count, step, work) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "filled");
  let done = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  while (done < count) {
    const next = Math.min(done + step, count);
    await work(done, next);
    done = next;
    writeFileSync(`${file}.new`, String(done));
    renameSync(`${file}.new`, file);
  }
}

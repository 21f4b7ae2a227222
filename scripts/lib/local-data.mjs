import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tryPort } from "./ports.mjs";
import { isRunning } from "./stamp.mjs";
import { Problem } from "./step.mjs";

/**
 * @typedef {object} LocalKeys
 * @property {string} adminKey
 * @property {{ kid: string, key: string }[]} sealingKeys
 *
 * @typedef {object} LocalData
 * @property {string} objects where the worker's Durable Objects lie
 * @property {LocalKeys} keys
 * @property {() => void} release lets another process have the folder
 */

/** @returns {LocalKeys} */
export function newKeys() {
  return {
    adminKey: randomBytes(32).toString("base64url"),
    sealingKeys: [{ kid: "local-1", key: randomBytes(32).toString("base64url") }],
  };
}

/**
 * What a local worker keeps from one run to the next: what it stored, and the keys that open it. For one process at a
 * time: two workers on the same objects would each believe to hold their locks.
 * @param {string} folder
 * @param {number} port where the worker is going to listen
 * @returns {Promise<LocalData>}
 */
export async function openLocalData(folder, port) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const release = await take(folder, port);
  const file = join(folder, "keys.json");
  try {
    // Only what is not there is written: keys that were lost would take the connections with them.
    writeFileSync(file, `${JSON.stringify(newKeys(), null, 2)}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
  }
  return { objects: join(folder, "objects"), keys: JSON.parse(readFileSync(file, "utf8")), release };
}

/**
 * @param {string} folder
 * @param {number} port
 */
async function take(folder, port) {
  const lock = join(folder, "lock");
  for (;;) {
    try {
      writeFileSync(lock, JSON.stringify({ pid: process.pid, port }), { flag: "wx" });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    const holder = JSON.parse(readFileSync(lock, "utf8") || "{}");
    const other = "or choose another: DATA=folder npm start";
    if (holder.pid && isRunning(holder.pid))
      throw new Problem(`${folder} is used by process ${holder.pid}; end that, ${other}`);
    // workerd outlives a parent that had no time to end it.
    if (holder.port && (await tryPort(holder.port)) === undefined)
      throw new Problem(`${folder} was used by a worker that still listens on port ${holder.port}; end that, ${other}`);
    rmSync(lock, { force: true });
  }
}

import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { inRoot } from "../../../scripts/lib/paths.mjs";
import { bunPath, denoPath, denoRun } from "../../../scripts/lib/runtimes.mjs";

/** @typedef {"workerd" | "Node" | "Bun" | "Deno"} Runtime */

const file = (/** @type {string} */ name) => inRoot("tests", "proof", "runtimes", name);

/** How each runtime is started. @type {Record<Runtime, () => [string, ...string[]]>} */
const programs = {
  workerd: () => [process.execPath, file("serve-workerd.mjs")],
  Node: () => [process.execPath, file("serve.mjs")],
  Bun: () => [bunPath(), file("serve.mjs")],
  Deno: () => [denoPath(), ...denoRun, "--unstable-kv", "--allow-all", file("serve.mjs")],
};

/**
 * A worker in a process of its own, or (workerd) in a group of them that ends together.
 *
 * @typedef {object} Worker
 * @property {Runtime} runtime
 * @property {string[]} urls where it listens; several: each is another isolate
 * @property {() => string} said what it wrote on stderr
 * @property {() => Promise<void>} kill by SIGKILL: it gets to do nothing more
 */

/** Process groups that run. They outlive a test that is itself ended, unless it takes them with it. @type {Set<number>} */
const running = new Set();
process.once("exit", () => running.forEach(killGroup));
for (const signal of /** @type {const} */ (["SIGTERM", "SIGINT"])) process.once(signal, () => process.exit(1));

/** @param {number} pid */
function killGroup(pid) {
  running.delete(pid);
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

/**
 * @param {Runtime} runtime
 * @param {import("../runtimes/service.mjs").Settings} settings
 * @param {string} scratch a folder for what it leaves when it is killed
 * @returns {Promise<Worker>}
 */
export async function startWorker(runtime, settings, scratch) {
  const [program, ...args] = programs[runtime]();
  const child = spawn(program, [...args, JSON.stringify(settings)], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: { ...process.env, TMPDIR: scratch },
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  const kill = async () => {
    if (pid !== undefined) killGroup(pid);
    await ended;
  };
  const line = new Promise((resolve) => child.stdout.setEncoding("utf8").once("data", resolve));
  const failed = ended.then((code) => Promise.reject(new Error(`${runtime} ended with ${code}: ${said}`)));
  failed.catch(() => {});
  const late = sleep(60_000, undefined, { ref: false }).then(() => Promise.reject(new Error(`${runtime}: ${said}`)));
  late.catch(() => {});
  try {
    const urls = JSON.parse(String(await Promise.race([line, failed, late])));
    return { runtime, urls, said: () => said, kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

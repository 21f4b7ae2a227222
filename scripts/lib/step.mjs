import { spawn } from "node:child_process";
import { root } from "./paths.mjs";

/** A failure that needs no stack trace: its message says what to do. */
export class Problem extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "Problem";
  }
}

const live = Boolean(process.stderr.isTTY) && !process.env.CI;

/** @param {number} since */
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** @param {string} text */
export const say = (text) => void process.stderr.write(`${text}\n`);

/**
 * Runs `work` and says how long it took; while it runs, says every ten seconds that it still does.
 * @template T
 * @param {string} title
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const since = Date.now();
  const beat = setInterval(
    () => (live ? process.stderr.write(`\r  … ${title} ${seconds(since)} `) : say(`  … ${title} (${seconds(since)})`)),
    live ? 500 : 10_000,
  );
  try {
    const result = await work();
    if (live) process.stderr.write("\r\x1b[K");
    say(`  ✓ ${title} (${seconds(since)})`);
    return result;
  } catch (error) {
    if (live) process.stderr.write("\r\x1b[K");
    say(`  ✗ ${title} (${seconds(since)})`);
    throw error;
  } finally {
    clearInterval(beat);
  }
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env] added to this process's environment
 * @property {boolean} [show] let the program write to our own output
 * @property {number} [timeout] milliseconds, 20 minutes unless told
 */

/**
 * Runs a program to its end; its output is the result, and the reason when it fails.
 * @param {string} program
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>}
 */
export function run(program, args, { cwd = root, env, show = false, timeout = 20 * 60_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", show ? "inherit" : "pipe", show ? "inherit" : "pipe"],
    });
    // Node's own time-out outlives a program that could not be started, and keeps this process waiting for it.
    const end = setTimeout(() => child.kill(), timeout);
    let out = "";
    let all = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      out += text;
      all += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      all += text;
      if (String(text).includes("Blocking waiting for file lock"))
        say("  … another cargo holds the target folder; waiting");
    });
    child.on("error", (error) => {
      clearTimeout(end);
      reject(new Problem(`cannot run \`${program}\`: ${error.message}`));
    });
    child.on("close", (code, signal) => {
      clearTimeout(end);
      if (code === 0) return resolve(out);
      const how = signal ? `was ended by ${signal}` : `ended with ${code}`;
      const shown = all.trim() ? `:\n${lastLines(all.trim(), 300)}` : "";
      reject(new Problem(`\`${[program, ...args].join(" ")}\` ${how}${shown}`));
    });
  });
}

/** @param {string} text @param {number} count */
function lastLines(text, count) {
  const lines = text.split("\n");
  return lines.length > count ? ["…", ...lines.slice(-count)].join("\n") : text;
}

/**
 * The last line of defence of every script: one sentence for what is known, a trace for what is not.
 * @param {() => unknown} main
 */
export async function entry(main) {
  try {
    await main();
  } catch (error) {
    say(error instanceof Problem ? `\n${error.message}` : `\n${error instanceof Error ? error.stack : String(error)}`);
    process.exitCode = 1;
  }
}

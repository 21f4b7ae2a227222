import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "./step.mjs";

/** @typedef {{ cwd: string, env?: Record<string, string | undefined>, signal: AbortSignal }} GroupOptions */

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
process.on("exit", () => {
  for (const child of running) end(child, "SIGKILL");
});

/**
 * A program with all that it starts: bundlers and servers leave processes behind where only the first is ended.
 * @param {string} program
 * @param {string[]} args
 * @param {GroupOptions} options
 */
function start(program, args, { cwd, env, signal }) {
  signal.throwIfAborted();
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  running.add(child);
  let out = "";
  let all = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    out += text;
    all += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    all += text;
  });
  const command = [program, ...args].join(" ");
  /** @type {Promise<string>} how it ended */
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve(`could not be started: ${error.message}`));
    child.once("exit", (code, by) => resolve(by ? `was ended by ${by}` : `ended with ${code}`));
  }).then((how) => {
    running.delete(child);
    return `${how}`;
  });
  const stop = async () => {
    end(child, "SIGTERM");
    await Promise.race([ended, sleep(5_000, undefined, { ref: false })]);
    end(child, "SIGKILL");
    await ended;
  };
  return { child, ended, stop, command, out: () => out, said: () => all.trim().split("\n").slice(-60).join("\n") };
}

/** @param {import("node:child_process").ChildProcess} child @param {NodeJS.Signals} signal */
function end(child, signal) {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch {
    // The group is gone.
  }
}

/**
 * Runs a program to its end; what it prints is the result, and the reason when it fails.
 * @param {string} program
 * @param {string[]} args
 * @param {GroupOptions} options
 * @returns {Promise<string>}
 */
export async function runGroup(program, args, options) {
  const group = start(program, args, options);
  const stop = () => void group.stop();
  options.signal.addEventListener("abort", stop);
  const how = await group.ended;
  options.signal.removeEventListener("abort", stop);
  // What it left behind in its group.
  end(group.child, "SIGKILL");
  await sleep(20);
  if (how === "ended with 0") return group.out();
  throw new Problem(`\`${group.command}\` ${how}:\n${group.said()}`);
}

/**
 * Starts a server, and waits until it answers.
 * @param {string} program
 * @param {string[]} args
 * @param {GroupOptions & { url: string }} options
 * @returns {Promise<{ stop: () => Promise<void>, said: () => string }>}
 */
export async function serveGroup(program, args, options) {
  const group = start(program, args, options);
  /** @type {string | undefined} */
  let how;
  void group.ended.then((ended) => {
    how = ended;
  });
  for (;;) {
    if (how !== undefined) throw new Problem(`\`${group.command}\` ${how} before it answered:\n${group.said()}`);
    if (options.signal.aborted) {
      await group.stop();
      throw new Problem(`\`${group.command}\` did not answer at ${options.url}:\n${group.said()}`);
    }
    const answer = await fetch(options.url, { signal: AbortSignal.timeout(30_000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer) return { stop: group.stop, said: group.said };
    await sleep(100);
  }
}

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { tryPort } from "../../scripts/lib/ports.mjs";
import { redisPath } from "../../scripts/lib/redis.mjs";
import { run } from "../../scripts/lib/step.mjs";

/**
 * @typedef {{ name: string, error?: string }} Result of one test of the suite
 * @typedef {import("zendesk-auth/stores/conformance").ConformanceTest} ConformanceTest
 */

/**
 * The suite in this process, a test of the runner for each of its own.
 * @param {string} title
 * @param {() => ConformanceTest[]} suite
 */
export function conforms(title, suite) {
  test(title, async (t) => {
    const tests = suite();
    assert.ok(tests.length > 30);
    for (const { name, run } of tests) await t.test(name, run);
  });
}

/**
 * The suite in another runtime.
 * @param {string} title
 * @param {() => Promise<Result[]>} execute
 */
export function conformsElsewhere(title, execute) {
  test(title, async (t) => {
    const results = await execute();
    assert.ok(results.length > 30, JSON.stringify(results));
    for (const { name, error } of results) await t.test(name, () => assert.equal(error, undefined));
  });
}

/**
 * @param {string} program
 * @param {...string} args
 * @returns {Promise<Result[]>} what report.mjs printed there
 */
export async function resultsOf(program, ...args) {
  return JSON.parse(await run(program, args, { timeout: 120_000 }));
}

/** @param {string} name */
export const runtimeFile = (name) => inRoot("tests", "stores", "runtimes", name);

export function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), "zendesk-auth-store-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A Redis of this test's own, on disk: what it acknowledged is in its file, also when it is killed; or (`isForgetful`) not. */
export async function startRedis({ isForgetful = false } = {}) {
  const folder = temporaryFolder();
  const port = await tryPort(0);
  const program = redisPath();
  assert.ok(port && program, "redis-server is needed; `npm test` installs it or names the command");
  const args = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder.path];
  const durable = ["--appendonly", isForgetful ? "no" : "yes", "--appendfsync", "always", "--save", ""];
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let child;
  process.once("exit", () => child?.kill("SIGKILL"));
  const start = async () => {
    const started = spawn(program, [...args, ...durable], { stdio: "ignore" });
    child = started;
    const ended = new Promise((resolve) => started.once("exit", resolve));
    await reachable(port);
    return async (/** @type {NodeJS.Signals} */ signal) => {
      started.kill(signal);
      await ended;
    };
  };
  let end = await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    /** In the middle of anything; then it is started again. */
    async killAndRestart() {
      await end("SIGKILL");
      end = await start();
    },
    async close() {
      await end("SIGTERM");
      folder.remove();
    },
  };
}

/** @param {number} port */
async function reachable(port) {
  for (let tries = 0; tries < 200; tries++) {
    const isOpen = await new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true));
      socket.on("error", () => resolve(false)).on("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error(`nothing listens on port ${port}`);
}

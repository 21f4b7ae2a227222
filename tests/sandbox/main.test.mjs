import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { ask } from "./support.mjs";

const MAIN = fileURLToPath(new URL("../../www/sandbox/main.js", import.meta.url));

/** @param {string[]} options */
function run(options) {
  const child = spawn(process.execPath, [MAIN, ...options], { stdio: ["ignore", "pipe", "pipe"], timeout: 20_000 });
  const state = { output: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      state.output += text;
    });
  }
  const ended = new Promise((resolve) => child.once("close", resolve));
  return { child, state, ended };
}

test("the command prints accounts, clients and users, serves them, and ends when told to", async () => {
  const { child, state, ended } = run(["--port", "0", "--redirect-uri", "http://localhost:4009/cb"]);
  try {
    for (let tries = 0; !state.output.includes("password") && tries < 400; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    const port = Number(/acme\.localhost:(\d+)/.exec(state.output)?.[1]);
    for (const shown of [
      "globex.localhost",
      "sandbox-secret-acme-custom-not-real",
      "ada@acme.example",
      "acme_public",
    ]) {
      assert.ok(state.output.includes(shown), shown);
    }
    assert.ok((await ask({ port }, "acme", "/")).text.includes("http://localhost:4009/cb"));
  } finally {
    child.kill("SIGTERM");
  }
  assert.equal(await ended, 0);
});

test("a port that is none is refused", async () => {
  const { state, ended } = run(["--port", "http"]);
  assert.notEqual(await ended, 0);
  assert.match(state.output, /--port must be a number/);
});

import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import { inRoot } from "../lib/paths.mjs";
import { tryPort } from "../lib/ports.mjs";
import { step } from "../lib/step.mjs";
import { prepare } from "./fixture.mjs";
import { spread } from "./rounds.mjs";
import { bundleForWorkerd } from "./workerd.mjs";

const names = /** @type {const} */ (["ours", "openid_client", "oauth4webapi", "empty"]);
/** @type {Record<string, (file: string, port: string) => string[]>} */
const runtimes = {
  deno: (file, port) => [inRoot("node_modules", ".bin", "deno"), "run", "--no-config", "--allow-all", file, port],
  bun: (file, port) => [inRoot("node_modules", ".bin", "bun"), "run", file, port],
  node: (file, port) => [process.execPath, file, port],
};

/**
 * From the start of a process to its first answer, in milliseconds: a whole hand-off, which is worth more than a page that
 * costs nothing. Each is bundled as for its users. They take turns, and each process answers once.
 * @param {number} rounds
 */
export async function cold(rounds) {
  const prepared = await prepare();
  try {
    const starts = await step("cold: bundling", () => bundled(prepared));
    /** @type {Record<string, Record<string, number[]>>} */
    const seen = {};
    await step(`cold: ${rounds} rounds`, async () => {
      // What the first of all reads from the disk lies in memory for the others; that round is not counted.
      for (let round = -1; round < rounds; round++) {
        for (const { runtime, handler, command, origin } of starts) {
          const took = await firstAnswer(command, origin, handler);
          if (round < 0) continue;
          const ofRuntime = seen[runtime] ?? {};
          seen[runtime] = ofRuntime;
          ofRuntime[handler.name] = [...(ofRuntime[handler.name] ?? []), took];
        }
      }
    });
    return Object.fromEntries(
      Object.entries(seen).map(([runtime, times]) => [
        runtime,
        Object.fromEntries(Object.entries(times).map(([name, values]) => [name, spread(values)])),
      ]),
    );
  } finally {
    prepared.close();
  }
}

/** @param {Awaited<ReturnType<typeof prepare>>} prepared */
async function bundled(prepared) {
  const folder = inRoot("target", "bench", "cold");
  mkdirSync(folder, { recursive: true });
  const starts = [];
  for (const name of names) {
    const handler = prepared[name];
    const { command, origin } = await bundleForWorkerd(`cold-${name}`, handler.entryPoint, { alias: handler.alias });
    starts.push({ runtime: "workerd", handler, command, origin });
    const file = join(folder, `${name}.mjs`);
    await build({
      entryPoints: [inRoot("scripts", "bench", "servers", "host.mjs")],
      outfile: file,
      bundle: true,
      minify: true,
      format: "esm",
      platform: "node",
      alias: { ...handler.alias, "#handler": handler.entryPoint },
      legalComments: "none",
    });
    for (const [runtime, commandOf] of Object.entries(runtimes)) {
      const port = await tryPort(0);
      starts.push({ runtime, handler, command: commandOf(file, String(port)), origin: `http://127.0.0.1:${port}` });
    }
  }
  return starts;
}

/**
 * @param {string[]} command
 * @param {string} origin
 * @param {import("./fixture.mjs").Handler} handler
 */
async function firstAnswer([program = "", ...args], origin, { name, authorization, body }) {
  const since = performance.now();
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    while (performance.now() - since < 30_000) {
      const status = await ask(origin, authorization, body);
      if (status === 201) return performance.now() - since;
      if (status !== undefined) throw new Error(`${name} in ${program} answered with ${status}: ${said}`);
      if (child.exitCode !== null) throw new Error(`${program} ended: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    throw new Error(`${name} in ${program} did not answer: ${said}`);
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

/**
 * @param {string} origin
 * @param {string} authorization
 * @param {string} body
 * @returns {Promise<number | undefined>} the status, undefined while nobody listens
 */
function ask(origin, authorization, body) {
  return new Promise((resolve) => {
    const headers = { authorization, "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sent = request(`${origin}/oauth/exchange`, { method: "POST", agent: false, headers }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode));
    });
    sent.on("error", () => resolve(undefined));
    sent.end(body);
  });
}

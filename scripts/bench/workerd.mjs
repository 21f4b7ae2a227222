import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { forWorkerd } from "../../pkg-config/apps.mjs";
import { inRoot } from "../lib/paths.mjs";
import { tryPort } from "../lib/ports.mjs";

/** The npm package of workerd's own program: what miniflare runs, without miniflare's own workers around ours. */
const program = inRoot("node_modules", "workerd", "bin", "workerd");

/**
 * Bundles a worker and writes how workerd is to serve it.
 * @param {string} name
 * @param {string} entryPoint
 * @param {Partial<import("esbuild").BuildOptions>} [more]
 */
export async function bundleForWorkerd(name, entryPoint, more = {}) {
  const folder = inRoot("target", "bench", "workerd", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const bundled = await build({
    entryPoints: { worker: entryPoint },
    outdir: folder,
    ...forWorkerd,
    minify: true,
    legalComments: "none",
    metafile: true,
    ...more,
  });
  const modules = Object.keys(bundled.metafile?.outputs ?? {})
    .map((path) => basename(path))
    .sort((a, b) => Number(b === "worker.js") - Number(a === "worker.js"))
    .map((file) => `(name = "${file}", ${file.endsWith(".wasm") ? "wasm" : "esModule"} = embed "${file}")`);
  const port = await tryPort(0);
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .worker), (name = "internet", network = (allow = ["public", "private"])) ],
  sockets = [ (name = "http", address = "127.0.0.1:${port}", http = (), service = "main") ]
);
const worker :Workerd.Worker = (
  modules = [ ${modules.join(", ")} ],
  compatibilityDate = "2026-04-01",
  globalOutbound = "internet"
);
`,
  );
  return {
    folder,
    port,
    command: [program, "serve", join(folder, "config.capnp")],
    origin: `http://127.0.0.1:${port}`,
  };
}

/**
 * @param {string} name
 * @param {string} entryPoint
 * @param {Partial<import("esbuild").BuildOptions>} [more]
 */
export async function serveInWorkerd(name, entryPoint, more) {
  const { command, origin } = await bundleForWorkerd(name, entryPoint, more);
  const served = await serve(command, origin);
  return { ...served, origin };
}

/**
 * Starts a server and waits until it takes connections.
 * @param {string[]} command
 * @param {string} origin
 */
export async function serve([program = "", ...args], origin) {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  let hasEnded = false;
  const ended = new Promise((resolve) => {
    const end = (/** @type {unknown} */ how) => {
      said += how instanceof Error ? how.message : "";
      hasEnded = true;
      resolve(undefined);
    };
    child.once("error", end);
    child.once("exit", end);
  });
  const kill = () => child.kill("SIGKILL");
  const close = async () => {
    process.off("exit", kill);
    kill();
    await ended;
  };
  process.once("exit", kill);
  for (let tries = 0; tries < 400; tries++) {
    if (hasEnded) throw new Error(`${program} ended: ${said}`);
    try {
      await fetch(`${origin}/ready`, { signal: AbortSignal.timeout(5000) }).then((answer) => answer.arrayBuffer());
      return { pid: child.pid ?? 0, close };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  await close();
  throw new Error(`${program} took no connection: ${said}`);
}

/** Seconds of processor time that a process has used, its own and the system's for it. @param {number} pid */
export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

// Runs in a fresh clone, before anything is installed: imports nothing that does not come with Node.
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { runGroup } from "./groups.mjs";
import { inRoot, root } from "./paths.mjs";
import { Problem, run, say, step } from "./step.mjs";

const oldest = [20, 19];

/**
 * Installs what package-lock.json asks for, unless it is all there.
 * @param {string} [folder] where package-lock.json is
 */
export async function installDependencies(folder = root) {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < Number(oldest[0]) || (major === oldest[0] && minor < Number(oldest[1]))) {
    throw new Problem(`Node ${oldest.join(".")} or newer is needed; this is ${process.versions.node}`);
  }
  if (isInstalled(folder)) return;
  await step(folder === root ? "npm ci" : `npm ci in ${relative(root, folder)}`, () => npmCi(folder));
}

/** @typedef {Record<string, { version?: string, optional?: boolean, link?: boolean }>} Packages */

/**
 * npm writes down what it installed; optional packages may be of other platforms.
 * @param {string} folder
 */
function isInstalled(folder) {
  const installed = readPackages(join(folder, "node_modules", ".package-lock.json"));
  const wanted = readPackages(join(folder, "package-lock.json"));
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === "" || optional || (installed[path]?.version === version && existsSync(join(folder, path))),
  );
}

/** @param {string} file @returns {Packages} */
function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : {};
}

/**
 * A connection to a registry can stand still for ever; what was fetched until then is kept, so a second try is short.
 * @param {string} cwd
 */
async function npmCi(cwd) {
  const npm = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline", "--fetch-timeout=60000"];
  const [program, ...before] = npm?.endsWith(".js")
    ? [process.execPath, npm]
    : [process.platform === "win32" ? "npm.cmd" : "npm"];
  for (let tries = 3; ; tries--) {
    try {
      const signal = AbortSignal.timeout(5 * 60_000);
      return await runGroup(program, [...before, ...args], { cwd, signal });
    } catch (error) {
      if (tries === 1) throw error;
      say("  … npm ci failed or stood still; once more");
    }
  }
}

/** @param {string[]} [parts] */
export async function buildAll(parts = []) {
  say("");
  await run(process.execPath, [inRoot("pkg-config", "build"), ...parts], { show: true }).catch(() => {
    throw new Problem("the build failed, as said above");
  });
}

/**
 * @param {string} name of an environment variable
 * @param {number} otherwise
 */
export function portFrom(name, otherwise) {
  const given = process.env[name];
  if (!given) return otherwise;
  const port = Number(given);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Problem(`${name}=${given} is not a port: use a number from 1 to 65535`);
  return port;
}

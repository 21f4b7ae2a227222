// Runs in a fresh clone, before anything is installed: imports nothing that does not come with Node.
import { existsSync, readFileSync } from "node:fs";
import { inRoot } from "./paths.mjs";
import { Problem, run, say, step } from "./step.mjs";

const oldest = [20, 19];

/** Installs what package-lock.json asks for, unless it is all there. */
export async function installDependencies() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < Number(oldest[0]) || (major === oldest[0] && minor < Number(oldest[1]))) {
    throw new Problem(`Node ${oldest.join(".")} or newer is needed; this is ${process.versions.node}`);
  }
  if (isInstalled()) return;
  await step("npm ci", npmCi);
}

/** @typedef {Record<string, { version?: string, optional?: boolean, link?: boolean }>} Packages */

/** npm writes down what it installed; optional packages may be of other platforms. */
function isInstalled() {
  const installed = readPackages(inRoot("node_modules", ".package-lock.json"));
  const wanted = readPackages(inRoot("package-lock.json"));
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === "" || optional || (installed[path]?.version === version && existsSync(inRoot(path))),
  );
}

/** @param {string} file @returns {Packages} */
function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : {};
}

function npmCi() {
  const npm = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  return npm?.endsWith(".js")
    ? run(process.execPath, [npm, ...args])
    : run(process.platform === "win32" ? "npm.cmd" : "npm", args);
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

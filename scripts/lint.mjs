import { existsSync } from "node:fs";
import { installDependencies } from "./lib/bootstrap.mjs";
import { checkExamples } from "./lib/example-types.mjs";
import { artifacts, dist, inRoot } from "./lib/paths.mjs";
import { entry, Problem, run, say, step } from "./lib/step.mjs";

const denyVersion = "0.20.2";
const wasm = ["--target", "wasm32-unknown-unknown", "--lib"];
const edge = ["--features", "edge"];
const simulation = ["--features", "simulation"];

await entry(async () => {
  say("zendesk-auth: lint");
  await installDependencies();
  if (process.argv.includes("--fix")) return format();

  const failed = [];
  for (const [title, work] of checks()) {
    try {
      await step(title, work);
    } catch (error) {
      say(error instanceof Problem ? error.message : String(error));
      failed.push(title);
    }
  }
  if (failed.length > 0) throw new Problem(`lint failed: ${failed.join(", ")}`);
  say("nothing to complain about");
});

async function format() {
  await run("cargo", ["fmt", "--all"]);
  await run(program("biome"), ["check", "--write"], { show: true });
}

/** @returns {[string, () => Promise<unknown>][]} */
function checks() {
  return [
    ["rustfmt", () => run("cargo", ["fmt", "--all", "--check"])],
    ["clippy, native", () => clippy("--package", "zendesk-auth", "--all-targets")],
    ["clippy, native edge", () => clippy("--package", "zendesk-auth", "--all-targets", ...edge)],
    ["clippy, simulation", () => clippy("--package", "zendesk-auth", "--all-targets", ...simulation)],
    ["clippy, browser artifact", () => clippy("--package", "zendesk-auth", ...wasm)],
    ["clippy, edge artifact", () => clippy("--package", "zendesk-auth", ...wasm, ...edge)],
    ["clippy, bindgen", () => clippy("--package", "zendesk-auth-bindgen")],
    ["biome", () => run(program("biome"), ["ci", "--error-on-warnings", "--max-diagnostics=50", "--colors=off"])],
    ["tsc, scripts and tests", () => tsc(".")],
    ["tsc, npm package", () => tsc("pkg-config", "--noEmit", "true", "--emitDeclarationOnly", "false")],
    ["tsc, console and worker", () => tsc("www")],
    ["types of the examples", checkExamples],
    ["cargo deny", deny],
  ];
}

/** @param {...string} args */
function clippy(...args) {
  return run("cargo", ["clippy", "--locked", "--quiet", ...args, "--", "--deny", "warnings"]);
}

/** @param {...string} args */
async function tsc(...args) {
  if (!existsSync(artifacts) || !existsSync(dist)) {
    throw new Problem("the types of the built package are needed; run `npm run build` first");
  }
  // Not through .bin, where TypeScript 6 (of vue-tsc and svelte-check) has a tsc too.
  await run(process.execPath, [inRoot("node_modules", "typescript", "bin", "tsc"), "--project", ...args]);
}

/** @param {string} name */
function program(name) {
  return inRoot("node_modules", ".bin", name);
}

async function deny() {
  const args = ["--all-features", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"];
  await run(await denyProgram(), args);
}

/** cargo-deny of the pinned version; kept in target/, so that it is built once. */
async function denyProgram() {
  const tools = inRoot("target", "tools");
  for (const candidate of [inRoot("target", "tools", "bin", "cargo-deny"), "cargo-deny"]) {
    const version = await run(candidate, ["--version"]).catch(() => "");
    if (version.includes(denyVersion)) return candidate;
  }
  say(`  … installing cargo-deny ${denyVersion}, which takes some minutes once`);
  const args = ["--locked", "--quiet", "--debug", "--version", denyVersion, "--root", tools, "cargo-deny"];
  await run("cargo", ["install", ...args]);
  return inRoot("target", "tools", "bin", "cargo-deny");
}

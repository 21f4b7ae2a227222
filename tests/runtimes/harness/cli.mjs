// Node, Deno and Bun: a program with the world's address as its argument, which prints the results.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";
import { worldAt } from "../service.mjs";
import { runAll } from "../suite.mjs";

const { resolve } = createRequire(import.meta.url);
const compiled = (/** @type {string} */ file) => new WebAssembly.Module(readFileSync(resolve(`zendesk-auth/${file}`)));
const modules = { browser: compiled("zendesk_auth.wasm"), edge: compiled("zendesk_auth_edge.wasm") };
const world = await worldAt(process.argv[2] ?? "", true, modules);
const { deno, bun } = process.versions;
console.log(JSON.stringify({ version: deno ?? bun ?? process.versions.node, results: await runAll(world) }));
process.exit(0);

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inRoot } from "../../scripts/lib/paths.mjs";

/** @typedef {{ language: string, code: string }} Snippet */

/**
 * What is fenced in a document, in order.
 *
 * @param {...string} path of the document
 * @returns {Snippet[]}
 */
export function fencedIn(...path) {
  const text = readFileSync(inRoot(...path), "utf8");
  return [...text.matchAll(/^```(\w+)\n(.*?)\n```$/gms)].map(([, language = "", code = ""]) => ({ language, code }));
}

/** Everything under `<!-- run: name -->` in the README. @returns {Map<string, Snippet>} */
export function runnable() {
  const text = readFileSync(inRoot("README.md"), "utf8");
  const found = text.matchAll(/^<!-- run: ([\w-]+) -->\n```(\w+)\n(.*?)\n```$/gms);
  return new Map([...found].map(([, name = "", language = "", code = ""]) => [name, { language, code }]));
}

/** @param {string} name */
export function snippet(name) {
  const found = runnable().get(name);
  assert.ok(found, `README.md has no snippet to run that is called ${name}`);
  return found.code;
}

/** As a module of Node's. @param {string} name @param {string} [code] */
export function imported(name, code = snippet(name)) {
  const folder = inRoot("target", "readme");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, code);
  return import(pathToFileURL(file).href);
}

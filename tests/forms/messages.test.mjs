// What the hosted pages and the component say is in the catalogues.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { filesUnder } from "../../scripts/lib/stamp.mjs";

/** @param {string} path @returns {Record<string, string>} */
const read = (path) => JSON.parse(readFileSync(inRoot("messages", path), "utf8"));
const keys = Object.keys({ ...read("en.json"), ...read("pages/en.json") });

const sources = ["src", "pkg-config/src", "www/console"]
  .flatMap((folder) => filesUnder(inRoot(folder)))
  .filter((file) => /\.(rs|ts)$/.test(file) && !/[\\/]dist[\\/]/.test(file))
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

/** The keys in quotes, as patterns: whatever is put in at run time stands for one or more parts. */
const uses = [...sources.matchAll(/["`'](?:page|date|choice|access|state|basic|ui)\.[\w.${}()-]*["`']/g)].flatMap(
  ([use]) => {
    // A file that Rust includes is called like a key.
    if (/\.(js|css|json)["`']$/.test(use)) return [];
    const parts = use.slice(1, -1).split(/\$?\{[^}]*\}/);
    return new RegExp(`^${parts.map((part) => part.replaceAll(".", "\\.")).join("[\\w.-]+")}$`);
  },
);

test("every text that is asked for is there", () => {
  const missing = uses.filter((use) => !keys.some((key) => use.test(key))).map(String);
  assert.deepEqual(missing, []);
});

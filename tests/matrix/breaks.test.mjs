// That `npm run matrix` and `npm run runtimes` pass says something only if they fail where the package is broken.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { dist, inRoot, root } from "../../scripts/lib/paths.mjs";
import { spoilt } from "../package/pack.mjs";

const folder = mkdtempSync(join(tmpdir(), "zendesk-auth-broken-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** @typedef {Parameters<typeof spoilt>[1]} Wrong */

/**
 * @param {"matrix" | "runtimes"} command
 * @param {string} from the package
 * @param {string[]} rows
 * @returns {Promise<{ code: number, rows: any[], said: string }>}
 */
function run(command, from, rows) {
  const args = [inRoot("scripts", `${command}.mjs`), "--json", "--package", from, ...rows];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, timeout: 150_000 }, (error, stdout, said) => {
      resolve({ code: error ? Number(error.code) : 0, rows: JSON.parse(stdout || "[]"), said });
    });
  });
}

/** @type {{ name: string, wrong: Wrong, rows: string[], why: RegExp }[]} */
const brokenForBundlers = [
  {
    name: "an export that is missing",
    wrong: { manifest: ({ exports }) => delete exports["./edge"] },
    rows: ["esbuild-node"],
    why: /zendesk-auth\/edge/,
  },
  {
    name: "a condition that leads nowhere",
    wrong: {
      manifest: ({ exports }) => {
        exports["."].default = "./browser/entry.none.js";
      },
    },
    rows: ["vite-build", "bun-build"],
    why: /zendesk-auth/,
  },
  {
    name: "another challenge method",
    wrong: { files: { "browser/glue.js": (text) => text.replace('"S256"', '"plain"') } },
    rows: ["import-map", "esbuild-browser"],
    why: /S256/,
  },
  {
    name: "a language that is missing",
    wrong: { files: { "connect/de.js": () => undefined } },
    rows: ["import-map"],
    why: /404 .*\/connect\/de\.js/,
  },
];

for (const [index, { name, wrong, rows, why }] of brokenForBundlers.entries()) {
  test(`the matrix finds ${name}`, async () => {
    const ended = await run("matrix", spoilt(join(folder, `bundlers-${index}`), wrong), rows);
    assert.equal(ended.code, 1, ended.said);
    assert.deepEqual(ended.rows.map(({ consumer }) => consumer).sort(), [...rows].sort());
    for (const row of ended.rows) {
      assert.ok(row.build === "failed" || row.run === "failed", JSON.stringify(row));
      assert.match(row.why, why);
    }
    assert.match(ended.said, new RegExp(`rows are broken: .*${rows.at(-1)}`));
  });
}

/** @type {{ name: string, wrong: Wrong, rows: string[], why: RegExp }[]} */
const brokenForRuntimes = [
  {
    name: "no condition for workerd",
    wrong: { manifest: ({ exports }) => delete exports["./edge"].workerd },
    rows: ["workerd-2024-01-01"],
    why: /Wasm code generation disallowed/,
  },
  {
    name: "another challenge method",
    wrong: { files: { "browser/glue.js": (text) => text.replace('"S256"', '"plain"') } },
    rows: [`node-${process.versions.node.split(".")[0]}`],
    why: /vectors: pkce\.json/,
  },
];

for (const [index, { name, wrong, rows, why }] of brokenForRuntimes.entries()) {
  test(`the runtimes find ${name}`, async () => {
    const ended = await run("runtimes", spoilt(join(folder, `runtimes-${index}`), wrong), rows);
    assert.equal(ended.code, 1, ended.said);
    assert.deepEqual(
      ended.rows.map(({ runtime, result }) => [runtime, result]),
      rows.map((row) => [row, "failed"]),
    );
    for (const row of ended.rows) assert.match(row.why, why);
  });
}

test("neither finds anything in the package as it is", async () => {
  const matrix = await run("matrix", dist, ["import-map", "esbuild-node"]);
  assert.deepEqual(
    [matrix.code, matrix.rows],
    [0, ["import-map", "esbuild-node"].map((consumer) => ({ consumer, build: "ok", run: "ok" }))],
    matrix.said,
  );
  const runtimes = await run("runtimes", dist, ["workerd-2024-01-01"]);
  assert.equal(runtimes.code, 0, runtimes.said);
});

test("a row that does not exist is refused by name", async () => {
  const ended = await run("matrix", dist, ["vite-biuld"]);
  assert.equal(ended.code, 1);
  assert.match(ended.said, /no row is called vite-biuld; the rows are import-map, vite-build/);
});

// Where there is no DOM: importing the component must not throw, register anything, or leave anything behind.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { build } from "esbuild";
import { dist, inRoot } from "../../scripts/lib/paths.mjs";
import { installed } from "../package/pack.mjs";

const run = promisify(execFile);

/** @type {Awaited<ReturnType<typeof installed>>} */
let pack;
before(async () => {
  pack = await installed();
});
after(() => pack?.remove());

test("Node imports it, from the installed package, and nothing is registered", async () => {
  const code = `
    const before = Object.getOwnPropertyNames(globalThis);
    const { ZendeskConnectElement, finishCallback } = await import("zendesk-auth/connect");
    const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name));
    console.log(JSON.stringify({ types: [typeof ZendeskConnectElement, typeof finishCallback], added }));
  `;
  const { stdout, stderr } = await run(process.execPath, ["--input-type=module", "--eval", code], { cwd: pack.folder });
  const seen = JSON.parse(stdout);
  assert.deepEqual(seen.types, ["function", "function"]);
  // Lit counts its versions, to warn of several.
  assert.deepEqual(
    seen.added.filter((/** @type {string} */ name) => !/^(?:lit|reactive)\w+(?:Versions|Metadata)$/.test(name)),
    [],
  );
  assert.equal(stderr, "");
});

for (const condition of ["workerd", "edge-light"]) {
  test(`under the condition \`${condition}\` it is a stub without WebAssembly`, async () => {
    const { outputFiles } = await build({
      stdin: { contents: 'export * from "zendesk-auth/connect";', resolveDir: inRoot() },
      bundle: true,
      write: false,
      format: "esm",
      conditions: [condition],
    });
    const source = outputFiles[0]?.text ?? "";
    assert.ok(source.length < 1000 && !source.includes("WebAssembly"));
    const stub = await import(`data:text/javascript,${encodeURIComponent(source)}`);
    assert.equal(stub.ZendeskConnectElement, undefined);
    await assert.rejects(stub.finishCallback(), /browsers only/);
  });
}

test("a bundle that only imports it for its effect keeps it", async () => {
  const { outputFiles } = await build({
    stdin: { contents: 'import "zendesk-auth/connect";', resolveDir: inRoot() },
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
  });
  assert.match(outputFiles[0]?.text ?? "", /customElements\.define\("zendesk-connect"|define\("zendesk-connect"/);
});

test("it shares the WebAssembly of `zendesk-auth`, and has no other file than its languages", () => {
  const source = readFileSync(join(dist, "connect.js"), "utf8");
  const imports = new Set([...source.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(([, path]) => path));
  assert.deepEqual([...imports].sort(), [
    "./browser/entry.inline.js",
    ...["de", "es", "ja", "pt"].map((language) => `./connect/${language}.js`),
  ]);
});

import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { checkExample } from "../../scripts/lib/example-types.mjs";
import { exampleNames } from "../../scripts/lib/examples.mjs";
import { dist, inRoot } from "../../scripts/lib/paths.mjs";
import { filesUnder } from "../../scripts/lib/stamp.mjs";

const json = (/** @type {string[]} */ ...path) => JSON.parse(readFileSync(join(...path), "utf8"));
const sources = filesUnder(inRoot("examples")).filter((file) => /\.(?:js|tsx?|vue|svelte)$/.test(file));

/** Every module that a source asks for. @param {string} file */
const importsOf = (file) =>
  [...readFileSync(file, "utf8").matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g)].map(
    ([, name]) => name ?? "",
  );

test("the examples use only what the package exports", () => {
  const exported = new Set(Object.keys(json(dist, "package.json").exports).map((path) => join("zendesk-auth", path)));
  const used = sources.flatMap((file) => importsOf(file).map((name) => ({ file: relative(inRoot(), file), name })));
  const ours = used.filter(({ name }) => name.startsWith("zendesk-auth"));
  assert.deepEqual([...new Set(ours.map(({ name }) => name))].sort(), [
    "zendesk-auth/connect",
    "zendesk-auth/edge",
    "zendesk-auth/stores/memory",
  ]);
  assert.deepEqual(
    ours.filter(({ name }) => !exported.has(name)),
    [],
  );
});

test("no example needs a file outside of its folder", () => {
  const names = [...exampleNames, "worker"];
  const strays = sources.flatMap((file) => {
    const home = inRoot("examples", names.find((name) => file.startsWith(inRoot("examples", `${name}/`))) ?? "");
    return importsOf(file).filter((name) => name.startsWith(".") && !join(dirname(file), name).startsWith(`${home}/`));
  });
  assert.ok(sources.length > 15);
  assert.deepEqual(strays, []);
});

test("the import map leads to what `zendesk-auth/connect` is in a browser", () => {
  const page = readFileSync(inRoot("examples", "html", "public", "index.html"), "utf8");
  const { imports } = JSON.parse(/<script type="importmap">([^<]+)</.exec(page)?.[1] ?? "");
  const file = json(dist, "package.json").exports["./connect"].default;
  assert.deepEqual(imports, { "zendesk-auth/connect": join("/zendesk-auth", file) });
});

for (const name of exampleNames) {
  test(`the example in ${name} names the versions that it is tested with`, () => {
    const { dependencies, devDependencies = {} } = json(inRoot("examples", name, "package.json"));
    const wanted = { ...dependencies, ...devDependencies };
    /** TypeScript 7 cannot check Vue's and Svelte's components yet. @param {string} dependency */
    const place = (dependency) => (dependency === "typescript" && name !== "react" ? "@typescript/old" : dependency);
    const installed = Object.keys(wanted).map((each) => [
      each,
      json(inRoot("node_modules", place(each), "package.json")).version,
    ]);
    assert.deepEqual(wanted, Object.fromEntries(installed));
    const used = new Set(
      sources
        .filter((file) => file.startsWith(inRoot("examples", `${name}/`)))
        .flatMap(importsOf)
        .filter((each) => !each.startsWith("."))
        .map((each) => each.replace(/^((?:@[^/]+\/)?[^/]+).*/, "$1")),
    );
    for (const each of used) assert.ok(each in wanted, `${name} uses ${each}, which its package.json does not name`);
  });

  test(`a misspelt property of an event does not compile in ${name}`, { timeout: 120_000 }, async () => {
    const folder = inRoot("target", "examples", name, "misspelt");
    rmSync(folder, { recursive: true, force: true });
    cpSync(inRoot("examples", name), folder, { recursive: true });
    let misspelt = 0;
    for (const file of filesUnder(folder).filter((file) => /\.(?:js|tsx|vue|svelte)$/.test(file))) {
      const source = readFileSync(file, "utf8");
      const wrong = source.replaceAll("connection.subdomain", "connection.subdomian");
      misspelt += Number(wrong !== source);
      writeFileSync(file, wrong);
    }
    assert.equal(misspelt, 1);
    await assert.rejects(checkExample(name, folder), /'subdomian' does not exist on type 'Connection'/);
    rmSync(folder, { recursive: true });
  });
}

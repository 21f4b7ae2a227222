// What the documents show can be written so: every module and every name in it exists, and every link leads somewhere.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { inRoot, root } from "../../scripts/lib/paths.mjs";
import { filesUnder } from "../../scripts/lib/stamp.mjs";
import { fencedIn, runnable, snippet } from "./snippets.mjs";

const documents = [
  "README.md",
  ...["docs", "examples"].flatMap((folder) =>
    filesUnder(inRoot(folder))
      .filter((file) => file.endsWith(".md"))
      .map((file) => relative(root, file)),
  ),
];

/**
 * As a bundler would: unknown modules and names that a module does not export are errors.
 *
 * @param {string} contents
 * @param {import("esbuild").BuildOptions} [options]
 */
function bundle(contents, options = {}) {
  return build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    outdir: "/",
    logLevel: "silent",
    // What runtimes bring, and the clients that users bring; docs/stores.md is compiled against their types elsewhere.
    external: ["node:*", "bun:*", "redis", "ioredis", "@libsql/client"],
    ...options,
  });
}

/** The scripts among what is fenced in a document. @param {string} document */
function scriptsIn(document) {
  return fencedIn(document).flatMap(({ language, code }) => {
    if (language === "html")
      return [...code.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, script = ""]) => script);
    return ["js", "ts", "jsx", "tsx"].includes(language) ? [code] : [];
  });
}

test("the documents' code uses only what the package exports", async () => {
  let scripts = 0;
  for (const document of documents) {
    for (const script of scriptsIn(document)) {
      scripts += 1;
      const { errors } = await bundle(script).catch((error) => /** @type {import("esbuild").BuildFailure} */ (error));
      assert.deepEqual(
        errors.map(({ text }) => text),
        [],
        `${document}:\n${script}`,
      );
    }
  }
  assert.ok(scripts >= 15, `only ${scripts} scripts were found`);
});

test("a name and a module that the package does not export would be found", async () => {
  await assert.rejects(
    bundle('import { beginAuthorisation } from "zendesk-auth"; beginAuthorisation();'),
    /No matching/,
  );
  await assert.rejects(bundle('import "zendesk-auth/connect/element";'), /Could not resolve|not exported/);
});

test("each piece of code in the README is run, or is a command line", () => {
  const run = new Set([...runnable().values()].map(({ code }) => code));
  const others = fencedIn("README.md").filter(({ code }) => !run.has(code));
  assert.deepEqual(
    others.map(({ language }) => language),
    ["sh"],
  );
  const tests = ["docs/readme.test.mjs", "examples/readme.test.mjs"].map((path) =>
    readFileSync(inRoot("tests", path), "utf8"),
  );
  const isWay = (/** @type {string} */ name) =>
    /^(?:pre-authorize|allow-users)-(?:basic|oauth-system|oauth-custom)$/.test(name);
  assert.equal([...runnable().keys()].filter(isWay).length, 6);
  for (const name of runnable().keys()) {
    if (!isWay(name))
      assert.ok(
        tests.some((text) => text.includes(`("${name}")`)),
        `nothing runs ${name}`,
      );
  }
});

test("every command of the README is there", () => {
  const { scripts } = JSON.parse(readFileSync(inRoot("package.json"), "utf8"));
  const named = [...readFileSync(inRoot("README.md"), "utf8").matchAll(/(?<=[`\n])npm (?:run )?(\w+)/g)];
  const names = named.map(([, name = ""]) => name);
  assert.ok(new Set(names).size >= 5);
  assert.deepEqual(
    names.filter((name) => !(name in scripts)),
    [],
  );
});

test("links from document to document lead to files", () => {
  const broken = documents.flatMap((document) =>
    [...readFileSync(inRoot(document), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
      .map(([, to = ""]) => ({ document, to }))
      .filter(({ to }) => !existsSync(join(root, dirname(document), to))),
  );
  assert.deepEqual(broken, []);
});

test("the README does not make light of what the package weighs", async () => {
  const stated = [...readFileSync(inRoot("README.md"), "utf8").matchAll(/under (\d+) kB/g)].map(([, kB]) => Number(kB));
  const sizes = [];
  for (const specifier of ["zendesk-auth", "zendesk-auth/connect"]) {
    const contents = `export * from "${specifier}";`;
    const { outputFiles = [] } = await bundle(contents, { minify: true, target: "es2022", external: ["./connect/*"] });
    sizes.push(gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length / 1000);
  }
  assert.equal(stated.length, sizes.length);
  for (const [index, kB] of stated.entries()) {
    const size = sizes[index] ?? 0;
    assert.ok(size < kB && size > kB * 0.8, `the README says under ${kB} kB, and it is ${size.toFixed(1)}`);
  }
});

test("no snippet is longer than what a person reads at once", () => {
  for (const name of runnable().keys()) {
    const lines = snippet(name).split("\n").length;
    assert.ok(lines <= 24, `${name} has ${lines} lines`);
  }
});

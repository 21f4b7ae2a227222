import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dist, root } from "../../scripts/lib/paths.mjs";
import { execIn, installed } from "./pack.mjs";

const publicNames = [
  "ZendeskAuthError",
  "beginAuthorization",
  "checkCallback",
  "createPkce",
  "createState",
  "endpoints",
  "exchange",
  "isZendeskAuthError",
  "parseScope",
  "parseSubdomain",
  "validateForm",
];

/** @type {Awaited<ReturnType<typeof installed>>} */
let pack;
before(async () => {
  pack = await installed();
});
after(() => pack?.remove());

/**
 * @param {string} code an ES module, run next to the installed package
 * @param {...string} flags
 * @returns {Promise<any>} what it prints, as JSON
 */
async function evaluate(code, ...flags) {
  const { stdout } = await execIn(process.execPath, [...flags, "--input-type=module", "--eval", code], pack.folder);
  return JSON.parse(stdout);
}

/** @param {string} path */
const mapped = (path) => [path, `${path}.map`];

test("the tarball holds exactly the files that are meant to be published", () => {
  assert.deepEqual(
    pack.files,
    [
      "CHANGELOG.md",
      "LICENSE-APACHE",
      "LICENSE-MIT",
      "README.md",
      "browser/entry.edge-light.js",
      "browser/entry.inline.js",
      "browser/entry.slim.js",
      "browser/entry.workerd.js",
      ...mapped("browser/glue.js"),
      "cli.js",
      "connect.d.ts",
      ...mapped("connect.js"),
      ...mapped("connect.server.js"),
      "connect/callback-page.d.ts",
      "connect/public.d.ts",
      ...["de", "es", "ja", "pt"].map((language) => `connect/${language}.js`),
      "edge.d.ts",
      "edge-types.d.ts",
      "edge/entry.edge-light.js",
      "edge/entry.inline.js",
      "edge/entry.slim.js",
      "edge/entry.workerd.js",
      ...mapped("edge/glue.js"),
      "edge/slim.d.ts",
      "error.d.ts",
      "index.d.ts",
      ...["de", "en", "es", "ja", "pt"].map((language) => `messages/${language}.json`),
      "openapi.json",
      "package.json",
      ...["basic", "basic-profile", "forms", "oauth-custom", "oauth-system"].map((name) => `schema/${name}.json`),
      "slim.d.ts",
      "store-support/durable-object/object.d.ts",
      "store-support/durable-object/types.d.ts",
      ...["conformance", "deno-kv", "durable-object", "memory", "redis", "sql"].flatMap((name) => [
        `stores/${name}.d.ts`,
        ...mapped(`stores/${name}.js`),
      ]),
      "types.d.ts",
      "zendesk_auth.wasm",
      "zendesk_auth.wasm.d.ts",
      "zendesk_auth_edge.wasm",
      "zendesk_auth_edge.wasm.d.ts",
    ].sort(),
  );
});

test("every address in the manifest leads to a file", () => {
  const manifest = JSON.parse(readFileSync(join(dist, "package.json"), "utf8"));
  const paths = [
    manifest.main,
    manifest.module,
    manifest.types,
    ...Object.values(manifest.exports).flatMap((target) =>
      typeof target === "string" ? [target.replace(/\*$/, "")] : Object.values(target),
    ),
  ];
  assert.ok(paths.length > 10);
  assert.deepEqual(
    paths.filter((path) => !existsSync(join(dist, path))),
    [],
  );
});

test("types come first under every export that has them", () => {
  const { exports } = JSON.parse(readFileSync(join(dist, "package.json"), "utf8"));
  for (const [path, target] of Object.entries(exports)) {
    if (typeof target === "object") assert.equal(Object.keys(target)[0], "types", path);
  }
});

test("the package depends on nothing and runs nothing when it is installed", () => {
  const manifest = JSON.parse(readFileSync(join(dist, "package.json"), "utf8"));
  assert.deepEqual(
    Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key)),
    [],
  );
});

test("the browser entry works in Node as it is imported", async () => {
  const seen = await evaluate(`
    import * as all from "zendesk-auth";
    const { codeVerifier, codeChallenge } = all.createPkce();
    console.log(JSON.stringify({ names: Object.keys(all).sort(), subdomain: all.parseSubdomain(" https://ACME.zendesk.com/agent/ "), codeVerifier, codeChallenge }));
  `);
  assert.deepEqual(seen.names, publicNames);
  assert.equal(seen.subdomain, "acme");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(seen.codeVerifier));
  assert.equal(seen.codeChallenge, Buffer.from(digest).toString("base64url"));
});

test("schemas, messages and the description of the worker are found through the exports", async () => {
  const seen = await evaluate(`
    import schema from "zendesk-auth/schema/basic.json" with { type: "json" };
    import messages from "zendesk-auth/messages/ja.json" with { type: "json" };
    import api from "zendesk-auth/openapi.json" with { type: "json" };
    console.log(JSON.stringify({ openapi: api.openapi, id: schema.$id, done: messages["page.done.title"], label: messages["field.clientId.label"] }));
  `);
  assert.deepEqual(seen, {
    openapi: "3.1.0",
    id: "urn:zendesk-auth:schema:basic",
    done: "接続しました",
    label: "クライアントID",
  });
});

test("`require` of the ES module works too", async () => {
  const seen = await evaluate(
    `
    import { createRequire } from "node:module";
    const { parseSubdomain } = createRequire(import.meta.url)("zendesk-auth");
    console.log(JSON.stringify(parseSubdomain("acme.zendesk.com")));
  `,
    "--no-warnings",
  );
  assert.equal(seen, "acme");
});

test("every export can be imported, and every file of wasm compiled", async () => {
  const { exports } = JSON.parse(readFileSync(join(dist, "package.json"), "utf8"));
  const paths = Object.keys(exports).filter((path) => !/\*$|\.json$/.test(path));
  const seen = await evaluate(`
    import { readFileSync } from "node:fs";
    const seen = {};
    for (const path of ${JSON.stringify(paths)}) {
      const specifier = "zendesk-auth" + path.slice(1);
      const found = path.endsWith(".wasm")
        ? WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(new URL(import.meta.resolve(specifier)))))
        : Object.keys(await import(specifier));
      seen[path] = found.length;
    }
    console.log(JSON.stringify(seen));
  `);
  assert.ok(paths.length > 10);
  assert.deepEqual(
    paths.filter((path) => !(seen[path] > 0)),
    [],
  );
});

const slims = {
  "zendesk-auth/slim": ["parseSubdomain", "zendesk_auth.wasm"],
  "zendesk-auth/edge/slim": ["createEdge", "zendesk_auth_edge.wasm"],
};
for (const [specifier, [name, wasm]] of Object.entries(slims)) {
  test(`${specifier} waits for a compiled module, and says so`, async () => {
    const seen = await evaluate(`
      import { readFileSync } from "node:fs";
      import { initSync, ${name} as work } from "${specifier}";
      const attempt = () => { try { return work("acme") } catch (error) { return error.code ?? error.message } };
      const early = attempt();
      const module = () => new WebAssembly.Module(readFileSync(new URL(import.meta.resolve("zendesk-auth/${wasm}"))));
      initSync(module());
      initSync(module());
      console.log(JSON.stringify({ early, late: attempt() }));
    `);
    assert.equal(seen.early, `${specifier} was used before \`initSync(module)\` was called`);
    assert.equal(seen.late, name === "parseSubdomain" ? "acme" : "configuration_invalid");
  });
}

test("slim and default entries can meet in one program", async () => {
  const seen = await evaluate(`
    import { parseSubdomain } from "zendesk-auth";
    import { parseSubdomain as early, initSync } from "zendesk-auth/slim";
    const before = [parseSubdomain("acme"), early("acme")];
    initSync(undefined);
    console.log(JSON.stringify([...before, parseSubdomain("acme")]));
  `);
  assert.deepEqual(seen, ["acme", "acme", "acme"]);
});

test("a stack trace leads to the sources, which the maps bring along", async () => {
  const stack = await evaluate(
    `
    import { parseSubdomain } from "zendesk-auth";
    try { parseSubdomain(""); } catch (error) { console.log(JSON.stringify(error.stack)); }
  `,
    "--enable-source-maps",
  );
  assert.match(stack, /pkg-config\/src\/host\.ts:\d+:\d+\)\n.*pkg-config\/src\/index\.ts:\d+/);
  const maps = pack.files.filter((file) => file.endsWith(".map"));
  assert.ok(maps.length > 8);
  for (const file of maps) {
    const text = readFileSync(join(dist, file), "utf8");
    const { sources, sourcesContent } = JSON.parse(text);
    assert.equal(sourcesContent.filter(Boolean).length, sources.length, file);
    assert.deepEqual(
      sources.filter((/** @type {string} */ source) => source.startsWith("/") || source.includes("..")),
      [],
      file,
    );
    assert.ok(!text.includes(`${root}/`), `${file} names this machine's folders`);
  }
});

test("the edge entry makes a worker that answers", async () => {
  const seen = await evaluate(`
    import { createEdge } from "zendesk-auth/edge";
    import { memoryStore } from "zendesk-auth/stores/memory";
    const edge = createEdge({
      publicUrl: "https://app.example/zendesk",
      adminKey: "k".repeat(43),
      sealingKeys: [{ kid: "1", key: Buffer.alloc(32, 7).toString("base64url") }],
      store: memoryStore(),
    });
    const answer = await edge.fetch(new Request("https://app.example/zendesk/healthz"));
    console.log(JSON.stringify({ status: answer.status, body: await answer.json() }));
  `);
  const { version } = JSON.parse(readFileSync(join(dist, "package.json"), "utf8"));
  assert.deepEqual(seen, { status: 200, body: { status: "ok", version } });
});

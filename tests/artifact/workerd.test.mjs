import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { nativeFiles } from "./native-vectors.mjs";

const vectors = fileURLToPath(new URL("../vectors/", import.meta.url));
const bundle = mkdtempSync(join(tmpdir(), "zendesk-auth-vectors-"));
after(() => rmSync(bundle, { recursive: true, force: true }));

test("workerd does what every file of vectors says", { timeout: 120_000 }, async () => {
  await build({
    entryPoints: [fileURLToPath(new URL("all-vectors-worker.mjs", import.meta.url))],
    outfile: join(bundle, "worker.mjs"),
    bundle: true,
    format: "esm",
    conditions: ["workerd"],
    loader: { ".wasm": "copy" },
    logLevel: "warning",
  });
  const wasm = readdirSync(bundle).filter((file) => file.endsWith(".wasm"));
  assert.equal(wasm.length, 2, "each artifact is one module");
  const miniflare = new Miniflare({
    compatibilityDate: "2026-04-01",
    modulesRoot: bundle,
    modules: [
      { type: "ESModule", path: join(bundle, "worker.mjs") },
      ...wasm.map((file) => ({ type: /** @type {const} */ ("CompiledWasm"), path: join(bundle, file) })),
    ],
  });
  try {
    const files = readdirSync(vectors).filter((file) => file.endsWith(".json"));
    const data = files.map((file) => [file, JSON.parse(readFileSync(join(vectors, file), "utf8"))]);
    const response = await miniflare.dispatchFetch("http://worker.example/", {
      method: "POST",
      body: JSON.stringify(Object.fromEntries(data)),
    });
    assert.equal(response.status, 200);
    const outcomes = /** @type {Record<string, import("./judging.mjs").Outcome>} */ (await response.json());
    const failures = Object.entries(outcomes).flatMap(([file, { failures }]) =>
      failures.map((one) => `${file}: ${one}`),
    );
    assert.deepEqual(failures, []);
    const others = files.filter((file) => !outcomes[file]);
    assert.deepEqual(others.sort(), [...nativeFiles, "urltestdata.json"].sort());
  } finally {
    await miniflare.dispose();
  }
});

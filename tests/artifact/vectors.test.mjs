import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import * as api from "zendesk-auth";
import { createEdge } from "zendesk-auth/edge";
import { memoryStore } from "zendesk-auth/stores/memory";
import { nativeFiles } from "./native-vectors.mjs";
import { files as edgeFiles, runEdgeVectors } from "./run-edge-vectors.mjs";
import { files, runVectors } from "./run-vectors.mjs";
import { findDifferences } from "./url-parsers.mjs";

const folder = new URL("../vectors/", import.meta.url);
const read = (/** @type {string} */ file) => JSON.parse(readFileSync(new URL(file, folder), "utf8"));

for (const file of files) {
  test(`the npm package does what ${file} says`, async () => {
    const { count, failures } = await runVectors(api, file, read(file));
    assert.deepEqual(failures, [], `${failures.length} of ${count} vectors failed`);
  });
}

for (const file of edgeFiles) {
  test(`the worker does what ${file} says`, async () => {
    const { count, failures } = await runEdgeVectors({ createEdge, memoryStore }, file, read(file));
    assert.deepEqual(failures, [], `${failures.length} of ${count} vectors failed`);
  });
}

test("the host's URL parser reads every accepted URL alike", () => {
  const { accepted, differences } = findDifferences(api, read("urltestdata.json"));
  assert.deepEqual(differences, []);
  assert.ok(
    accepted.subdomains > 50 && accepted.endpoints > 20 && accepted.redirectUris > 50,
    JSON.stringify(accepted),
  );
  assert.ok(accepted.templates > 0, JSON.stringify(accepted));
});

test("every file of vectors is run somewhere", () => {
  const all = readdirSync(folder).filter((file) => file.endsWith(".json"));
  assert.deepEqual(all.sort(), [...files, ...edgeFiles, ...nativeFiles, "urltestdata.json"].sort());
});

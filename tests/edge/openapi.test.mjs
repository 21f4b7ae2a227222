import assert from "node:assert/strict";
import { test } from "node:test";
import { createEdge } from "zendesk-auth/edge";
import { assertDescribed } from "./openapi.mjs";
import { caller, configuration } from "./support.mjs";

test("the worker says what it answers", async () => {
  const { status, json } = await caller(createEdge(configuration()))("GET", "/openapi.json");
  assert.deepEqual([status, json.openapi], [200, "3.1.0"]);
});

test("what is not described is noticed", () => {
  const health = { status: 200, contentType: "application/json", text: '{"status":"ok","version":"1"}' };
  const problem = '{"type":"urn:zendesk-auth:error:x","title":"x","status":404,"code":"x","detail":"x"}';
  const refusal = { status: 404, contentType: "application/problem+json", text: problem };
  assertDescribed("GET", "/healthz", health);
  assertDescribed("GET", "/nowhere", refusal);
  for (const [method, path, answer] of /** @type {const} */ ([
    ["GET", "/healthz", { ...health, status: 201 }],
    ["GET", "/healthz", { ...health, contentType: "text/html" }],
    ["GET", "/healthz", { ...health, text: '{"status":"ok"}' }],
    ["GET", "/healthz", { ...health, text: '{"status":"ok","version":"1","secret":"x"}' }],
    ["GET", "/nowhere", health],
    ["PATCH", "/healthz", health],
    ["DELETE", "/profiles/x", { status: 204, contentType: "", text: "x" }],
    ["GET", "/profiles/x", { ...refusal, text: problem.replace('"code":"x",', "") }],
    ["GET", "/profiles/x", { ...refusal, contentType: "application/json" }],
  ])) {
    assert.throws(() => assertDescribed(method, path, answer), assert.AssertionError, `${method} ${path}`);
  }
});

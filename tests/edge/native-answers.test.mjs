import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { assertDescribed } from "./openapi.mjs";

const answers = inRoot("target", "tmp", "edge-answers.jsonl");

test("every answer of the native tests is as the description says", () => {
  // In a whole run the native tests came first and left it behind.
  if (!existsSync(answers)) {
    execFileSync("cargo", ["test", "--locked", "--quiet", "--features", "edge", "--test", "edge_service"], {
      cwd: inRoot(),
    });
  }
  const lines = readFileSync(answers, "utf8").trim().split("\n");
  assert.ok(lines.length > 2_000, `only ${lines.length} answers`);
  for (const line of lines) {
    const { method, path, ...answer } = JSON.parse(line);
    assertDescribed(method, path, answer);
  }
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inRoot } from "../../scripts/lib/paths.mjs";

/** @returns {Record<string, { resolved?: string, integrity?: string, version?: string, link?: boolean }>} */
const locked = () => JSON.parse(readFileSync(inRoot("package-lock.json"), "utf8")).packages;

test("the lock file says what to install, never from where", () => {
  const packages = Object.entries(locked()).filter(([path]) => path !== "");
  assert.ok(packages.length > 20);
  assert.deepEqual(
    packages.filter(([, each]) => each.resolved).map(([path]) => path),
    [],
  );
  assert.deepEqual(
    packages.filter(([, each]) => !each.integrity).map(([path]) => path),
    [],
  );
});

test("every dependency of the root is pinned to one version", () => {
  const { devDependencies } = JSON.parse(readFileSync(inRoot("package.json"), "utf8"));
  const loose = Object.entries(devDependencies).filter(
    ([, range]) => !/^\d+\.\d+\.\d+$/.test(/** @type {string} */ (range)),
  );
  assert.deepEqual(loose, []);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inRoot } from "../../scripts/lib/paths.mjs";

/** @param {string} file */
const read = (file) => JSON.parse(readFileSync(inRoot(file), "utf8"));

for (const folder of ["", "tests/consumers/"]) {
  test(`${folder}package-lock.json says what to install, never from where`, () => {
    /** @type {Record<string, { resolved?: string, integrity?: string }>} */
    const locked = read(`${folder}package-lock.json`).packages;
    const packages = Object.entries(locked).filter(([path]) => path !== "");
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

  test(`every dependency of ${folder}package.json is pinned to one version`, () => {
    const { dependencies = {}, devDependencies = {} } = read(`${folder}package.json`);
    const all = Object.entries({ ...dependencies, ...devDependencies });
    assert.ok(all.length > 5);
    assert.deepEqual(
      all.filter(([, range]) => !/^\d+\.\d+\.\d+$/.test(/** @type {string} */ (range))),
      [],
    );
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { conformance } from "zendesk-auth/stores/conformance";
import { memoryStore } from "zendesk-auth/stores/memory";
import { broken, sound } from "./broken.mjs";
import { conforms } from "./support.mjs";

const memory = memoryStore();
conforms("the store in memory conforms", () => conformance(() => memory));

const own = sound();
conforms("a store of somebody's own conforms", () => conformance(() => own));

for (const [defect, { make, makeUnreachable, fails }] of Object.entries(broken)) {
  test(`the suite finds a store out: ${defect}`, async () => {
    const tests = conformance(make, makeUnreachable && { makeUnreachable });
    const names = tests.map(({ name }) => name);
    for (const name of fails) assert.ok(names.includes(name), `the suite has no test "${name}"`);
    const outcomes = await Promise.all(fails.map((name) => untilFound(() => tests[names.indexOf(name)]?.run())));
    for (const [index, outcome] of outcomes.entries()) {
      assert.equal(outcome.status, "rejected", `not found by "${fails[index]}"`);
      assert.ok(/** @type {PromiseRejectedResult} */ (outcome).reason instanceof Error);
    }
  });
}

/**
 * Some defects show only where a write falls between two pages, which is a matter of chance.
 *
 * @param {() => Promise<void> | undefined} run
 */
async function untilFound(run) {
  for (let tries = 1; ; tries += 1) {
    const [outcome] = await Promise.allSettled([run()]);
    if (outcome.status === "rejected" || tries === 50) return outcome;
  }
}

test("a test leaves nothing behind, not even when it failed", async () => {
  const forgetful = broken["nothing ever expires"];
  const store = sound();
  for (const make of [() => store, /** @type {() => typeof store} */ (forgetful?.make)]) {
    await Promise.allSettled(conformance(make).map(({ run }) => run()));
    const { entries, live } = make();
    assert.deepEqual([...entries.keys()].filter(live), []);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStore } from "zendesk-auth/stores/memory";

test("a write names what it replaces, or writes nothing", async () => {
  const store = memoryStore();
  assert.equal(await store.get("a"), undefined);
  assert.equal(await store.put("a", "0", { expectedVersion: "1" }), undefined);
  const first = await store.put("a", "1", { expectedVersion: null });
  assert.ok(first);
  assert.deepEqual(await store.get("a"), { value: "1", version: first });
  assert.equal(await store.put("a", "2", { expectedVersion: null }), undefined);
  const second = await store.put("a", "2", { expectedVersion: first });
  assert.ok(second);
  assert.equal(await store.put("a", "3", { expectedVersion: first }), undefined);
  assert.deepEqual(await store.get("a"), { value: "2", version: second });
  assert.equal(await store.delete("a", { expectedVersion: first }), false);
  assert.equal(await store.delete("a", { expectedVersion: second }), true);
  assert.equal(await store.delete("a", { expectedVersion: second }), false);
});

test("a version is never seen again, not even for a key written anew", async () => {
  const store = memoryStore();
  const seen = new Set();
  for (let round = 0; round < 5; round++) {
    const version = await store.put("a", "same", { expectedVersion: null });
    assert.ok(version);
    seen.add(version);
    await store.delete("a", { expectedVersion: version });
  }
  assert.equal(seen.size, 5);
});

test("of many writers at once one gets through", async () => {
  const store = memoryStore();
  const version = await store.put("a", "0", { expectedVersion: null });
  assert.ok(version);
  const writes = Array.from({ length: 50 }, (_, index) => store.put("a", `${index}`, { expectedVersion: version }));
  assert.equal((await Promise.all(writes)).filter((written) => written !== undefined).length, 1);
});

test("what has expired is gone, for every call", async () => {
  let now = 1000;
  const store = memoryStore({ now: () => now });
  const version = await store.put("a", "1", { expectedVersion: null, expiresAt: 2000 });
  assert.ok(version);
  await store.put("b", "1", { expectedVersion: null });
  now = 1999;
  assert.ok(await store.get("a"));
  now = 2000;
  assert.equal(await store.get("a"), undefined);
  assert.equal(await store.delete("a", { expectedVersion: version }), false);
  assert.equal(await store.put("a", "2", { expectedVersion: version }), undefined);
  assert.deepEqual(
    (await store.list("")).entries.map(({ key }) => key),
    ["b"],
  );
  assert.ok(await store.put("a", "2", { expectedVersion: null }));
});

test("lists come in pages, in order, and by prefix alone", async () => {
  const store = memoryStore();
  for (const key of ["b/2", "b/1", "a/1", "b/3", "b", "c/1"]) await store.put(key, key, { expectedVersion: null });
  const keys = async (/** @type {Parameters<typeof store.list>} */ ...call) => {
    const page = await store.list(...call);
    return [page.entries.map(({ key }) => key).join(" "), page.cursor];
  };
  assert.deepEqual(await keys("b/"), ["b/1 b/2 b/3", undefined]);
  assert.deepEqual(await keys("b/", { limit: 2 }), ["b/1 b/2", "b/2"]);
  assert.deepEqual(await keys("b/", { limit: 2, cursor: "b/2" }), ["b/3", undefined]);
  assert.deepEqual(await keys("b/", { limit: 3 }), ["b/1 b/2 b/3", undefined]);
  assert.deepEqual(await keys("nothing/"), ["", undefined]);
  const [entry] = (await store.list("a/")).entries;
  assert.deepEqual(entry, { key: "a/1", ...(await store.get("a/1")) });
});

test("what has expired goes without being asked for", async () => {
  let now = 1000;
  const store = memoryStore({ now: () => now });
  await store.put("forgotten", "1", { expectedVersion: null, expiresAt: 2000 });
  now = 3000;
  for (let index = 0; index < 300; index++) await store.put(`other/${index}`, "1", { expectedVersion: null });
  // Were it still there, it would be alive again by this clock.
  now = 1000;
  assert.equal(await store.get("forgotten"), undefined);
});

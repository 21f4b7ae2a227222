import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CompactEncrypt, compactDecrypt } from "jose";
import { form, SEALING_KEY, world } from "./support.mjs";

/** @type {Awaited<ReturnType<typeof world>>} */
let here;
/** @type {{ key: string, value: string, version: string }} */
let stored;

before(async () => {
  here = await world();
  await here.call("POST", "/profiles", { bearer: here.session, json: form({ name: "Zoë & Söhne" }) });
  const [entry] = (await here.store.list("profiles/")).entries;
  assert.ok(entry);
  stored = entry;
});
after(() => here.sandbox.close());

const read = async () => (await here.call("GET", "/profiles", { bearer: here.session })).json;

test("jose opens what the worker sealed", async () => {
  const { plaintext, protectedHeader } = await compactDecrypt(stored.value, SEALING_KEY);
  assert.deepEqual(protectedHeader, { alg: "dir", enc: "A256GCM", kid: "k1", key: stored.key });
  const record = JSON.parse(new TextDecoder().decode(plaintext));
  assert.equal(record.name, "Zoë & Söhne");
  assert.equal(record.client_secret, form().clientSecret);
});

test("the worker opens what jose sealed, in its place only", async () => {
  const { plaintext } = await compactDecrypt(stored.value, SEALING_KEY);
  const record = { ...JSON.parse(new TextDecoder().decode(plaintext)), name: "Sealed by jose", later: { version: 2 } };
  const seal = (/** @type {string} */ key) =>
    new CompactEncrypt(new TextEncoder().encode(JSON.stringify(record)))
      .setProtectedHeader({ enc: "A256GCM", alg: "dir", typ: "JOSE", kid: "k1", key })
      .encrypt(SEALING_KEY);
  const version = await here.store.put(stored.key, await seal(stored.key), { expectedVersion: stored.version });
  assert.ok(version);
  assert.equal((await read()).profiles[0].name, "Sealed by jose");
  await here.store.put(stored.key, await seal("profiles/default/another"), { expectedVersion: version });
  assert.deepEqual((await read()).unreadable, [{ id: stored.key.split("/")[2], code: "seal_broken" }]);
});

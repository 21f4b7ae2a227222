import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { whatToType } from "../../scripts/lib/what-to-type.mjs";
import { PASSWORD, startSandbox } from "../../www/sandbox/index.js";
import { ask } from "./support.mjs";

/** @type {import("../../www/sandbox/index.js").Sandbox} */
let sandbox;
/** @type {string} */
let text;
before(async () => {
  sandbox = await startSandbox();
  text = whatToType(sandbox);
});
after(() => sandbox?.close());

test("npm start names each of the six ways, and where they can be tried", () => {
  for (const way of ["Basic", "OAuth - System", "OAuth - Custom"])
    assert.equal(text.split(`${way} `).length - 1, 2, way);
  for (const account of ["acme", "globex"]) assert.ok(text.includes(sandbox.origin(account)));
  assert.ok(text.includes(PASSWORD));
});

test("the client that it says to type is the stand-in's", () => {
  const [, clientId = "", secret] = /client ID (\w+)\s+client secret (\S+)/.exec(text) ?? [];
  assert.equal(sandbox.account("acme").client(clientId)?.secret, secret);
});

test("the e-mail addresses and API tokens that it says to type work", async () => {
  const addresses = text.match(/\w+@(?:acme|globex)\.example/g) ?? [];
  const tokens = text.match(/sandbox-api-token-\S+/g) ?? [];
  assert.deepEqual([addresses.length, tokens.length], [3, 3]);
  for (const [index, address] of addresses.entries()) {
    const account = address.split("@")[1]?.split(".")[0] ?? "";
    const authorization = `Basic ${Buffer.from(`${address}/token:${tokens[index]}`).toString("base64")}`;
    const { status, json } = await ask(sandbox, account, "/api/v2/users/me.json", { headers: { authorization } });
    assert.deepEqual([status, json.user.email], [200, address]);
  }
});

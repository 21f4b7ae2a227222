import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SECRETS } from "../../www/sandbox/index.js";
import { ask, askForToken, bearer, exchangeOf, newCode, newToken, pkce, sandboxWithClock } from "./support.mjs";

/** @type {import("../../www/sandbox/index.js").Sandbox} */
let sandbox;
/** @type {(seconds: number) => void} */
let advance;
before(async () => {
  ({ sandbox, advance } = await sandboxWithClock());
});
after(() => sandbox.close());

/**
 * @param {string} refresh_token
 * @param {Record<string, unknown>} [more]
 */
function refresh(refresh_token, more) {
  return askForToken(sandbox, {
    grant_type: "refresh_token",
    refresh_token,
    client_id: "acme_custom",
    client_secret: SECRETS.acme_custom,
    ...more,
  });
}

/** @param {string} accessToken */
async function statusOf(accessToken) {
  return (await ask(sandbox, "acme", "/api/v2/users/me.json", bearer(accessToken))).status;
}

test("a refresh answers with a new pair and ends both old tokens at once", async () => {
  const old = await newToken(sandbox);
  const { status, json } = await refresh(old.refresh_token, { expires_in: 600 });
  assert.equal(status, 200);
  assert.equal(json.expires_in, 600);
  assert.equal(json.scope, "read write");
  assert.notEqual(json.access_token, old.access_token);
  assert.notEqual(json.refresh_token, old.refresh_token);
  assert.equal(await statusOf(old.access_token), 401);
  assert.equal(await statusOf(json.access_token), 200);
});

test("a spent refresh token is refused, and its successor goes on working", async () => {
  const old = await newToken(sandbox);
  const next = (await refresh(old.refresh_token)).json;
  const replay = await refresh(old.refresh_token);
  assert.equal(replay.status, 400);
  assert.equal(replay.json.error, "invalid_grant");
  assert.equal(await statusOf(next.access_token), 200);
  assert.equal((await refresh(next.refresh_token)).status, 200);
});

test("of many refreshes at once, one succeeds", async () => {
  const old = await newToken(sandbox);
  const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(old.refresh_token)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.equal(answers.filter(({ json }) => json.error === "invalid_grant").length, 7);
});

test("a refresh token outlives its access token, for 30 days or as long as asked", async () => {
  const usual = await newToken(sandbox);
  const short = await newToken(sandbox, { more: { refresh_token_expires_in: 604_800 } });
  advance(604_799);
  assert.equal(await statusOf(usual.access_token), 401);
  const stillGood = await refresh(short.refresh_token, { refresh_token_expires_in: 604_800 });
  assert.equal(stillGood.status, 200);
  advance(604_800);
  assert.equal((await refresh(stillGood.json.refresh_token)).json.error, "invalid_grant");
  assert.equal((await refresh(usual.refresh_token)).status, 200);
});

test("a public client refreshes without a secret, a confidential one does not", async () => {
  const { codeVerifier, parameters } = pkce();
  const client = { client_id: "acme_public", client_secret: undefined };
  const code = await newCode(sandbox, { parameters: { client_id: "acme_public", ...parameters } });
  const { json } = await askForToken(sandbox, exchangeOf(code, { ...client, code_verifier: codeVerifier }));
  assert.equal((await refresh(json.refresh_token, client)).status, 200);

  const { refresh_token } = await newToken(sandbox);
  const bare = { client_secret: undefined, code_verifier: codeVerifier };
  assert.equal((await refresh(refresh_token, bare)).json.error, "invalid_client");
  assert.equal((await refresh(refresh_token)).status, 200, "the failed attempt spent nothing");
});

test("a refresh token is for its own client and account", async () => {
  const { refresh_token } = await newToken(sandbox);
  const product = { client_id: "zdg-product", client_secret: SECRETS["zdg-product"] };
  assert.equal((await refresh(refresh_token, product)).json.error, "invalid_grant");
  const elsewhere = { grant_type: "refresh_token", refresh_token, ...product };
  assert.equal((await askForToken(sandbox, elsewhere, "globex")).json.error, "invalid_grant");
  assert.equal((await refresh(refresh_token)).status, 200);
});

test("a refresh may narrow the scope and never widen it, and a refusal spends nothing", async () => {
  const { refresh_token } = await newToken(sandbox, { scope: "read write" });
  const wider = await refresh(refresh_token, { scope: "read impersonate" });
  assert.equal(wider.status, 400);
  assert.equal(wider.json.error, "invalid_scope");
  const narrower = await refresh(refresh_token, { scope: "read" });
  assert.equal(narrower.json.scope, "read");
});

test("a refresh token of a user who was suspended meanwhile is refused", async () => {
  const { access_token, refresh_token } = await newToken(sandbox, { email: "grace@acme.example" });
  const user = sandbox.account("acme").userByEmail("grace@acme.example");
  assert.ok(user);
  user.suspended = true;
  try {
    assert.equal(await statusOf(access_token), 401);
    assert.equal((await refresh(refresh_token)).json.error, "invalid_grant");
  } finally {
    user.suspended = false;
  }
});

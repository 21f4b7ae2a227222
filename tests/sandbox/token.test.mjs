import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SECRETS, startSandbox } from "../../www/sandbox/index.js";
import { ask, askForToken, basic, bearer, exchangeOf, newCode, pkce, sandboxWithClock } from "./support.mjs";

/** @type {import("../../www/sandbox/index.js").Sandbox} */
let sandbox;
/** @type {(seconds: number) => void} */
let advance;
before(async () => {
  ({ sandbox, advance } = await sandboxWithClock());
});
after(() => sandbox.close());

/**
 * @param {import("./support.mjs").Answer} answer
 * @param {string} error
 */
function assertRefused(answer, error) {
  assert.equal(answer.status, error === "invalid_client" ? 401 : 400, answer.text);
  assert.equal(answer.json.error, error);
  assert.equal(typeof answer.json.error_description, "string");
  const challenge = error === "invalid_client" ? 'Basic realm="OAuth2 Token Endpoint"' : undefined;
  assert.equal(answer.headers["www-authenticate"], challenge);
}

test("a code becomes a token, and expires_in is echoed when asked for", async () => {
  const code = await newCode(sandbox, { parameters: { scope: "tickets:read users:read tickets:read" } });
  const answer = await askForToken(sandbox, exchangeOf(code, { expires_in: 3600 }));
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["cache-control"], "no-store");
  const { access_token, refresh_token, ...rest } = answer.json;
  assert.match(access_token, /^[0-9a-f]{32}$/);
  assert.match(refresh_token, /^[0-9a-f]{32}$/);
  assert.deepEqual(rest, {
    token_type: "bearer",
    scope: "tickets:read users:read",
    expires_in: 3600,
    refresh_token_expires_in: 2_592_000,
  });
});

test("expires_in that was not asked for is left out, and is 30 minutes all the same", async () => {
  const { json } = await askForToken(sandbox, exchangeOf(await newCode(sandbox)));
  assert.equal("expires_in" in json, false);
  assert.equal(json.refresh_token_expires_in, 2_592_000);
  advance(1799);
  assert.equal((await ask(sandbox, "acme", "/api/v2/users/me.json", bearer(json.access_token))).status, 200);
  advance(1);
  assert.equal((await ask(sandbox, "acme", "/api/v2/users/me.json", bearer(json.access_token))).status, 401);
});

test("a form is taken as well as JSON", async () => {
  const form = { ...exchangeOf(await newCode(sandbox)), expires_in: "900" };
  const answer = await ask(sandbox, "acme", "/oauth/tokens", { form });
  assert.equal(answer.status, 200);
  assert.equal(answer.json.expires_in, 900);
});

test("the documented status can be had", async () => {
  const documented = await startSandbox({ tokenStatus: 201 });
  try {
    assert.equal((await askForToken(documented, exchangeOf(await newCode(documented)))).status, 201);
  } finally {
    await documented.close();
  }
});

test("a code works once", async () => {
  const code = await newCode(sandbox);
  assert.equal((await askForToken(sandbox, exchangeOf(code))).status, 200);
  assertRefused(await askForToken(sandbox, exchangeOf(code)), "invalid_grant");
});

test("of two exchanges of one code at once, one succeeds", async () => {
  const code = await newCode(sandbox);
  const answers = await Promise.all([askForToken(sandbox, exchangeOf(code)), askForToken(sandbox, exchangeOf(code))]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400]);
});

test("a code lives 120 seconds", async () => {
  const [inTime, late] = [await newCode(sandbox), await newCode(sandbox)];
  advance(119);
  assert.equal((await askForToken(sandbox, exchangeOf(inTime))).status, 200);
  advance(1);
  assertRefused(await askForToken(sandbox, exchangeOf(late)), "invalid_grant");
});

test("a code is for its account, its client and its redirect_uri", async () => {
  const code = await newCode(sandbox);
  const product = { client_id: "zdg-product", client_secret: SECRETS["zdg-product"] };
  assertRefused(await askForToken(sandbox, exchangeOf(code, product)), "invalid_grant");
  assertRefused(await askForToken(sandbox, exchangeOf(code, product), "globex"), "invalid_grant");
  const other = "http://localhost:8787/console/callback";
  assertRefused(await askForToken(sandbox, exchangeOf(code, { redirect_uri: other })), "invalid_grant");
  const unnamed = await newCode(sandbox);
  assertRefused(await askForToken(sandbox, exchangeOf(unnamed, { redirect_uri: undefined })), "invalid_grant");
});

test("PKCE stands in for the secret, public or confidential", async () => {
  for (const client_id of ["acme_public", "acme_custom"]) {
    const { codeVerifier, parameters } = pkce();
    const code = await newCode(sandbox, { parameters: { client_id, ...parameters } });
    const exchange = exchangeOf(code, { client_id, client_secret: undefined, code_verifier: codeVerifier });
    assert.equal((await askForToken(sandbox, exchange)).status, 200, client_id);
  }
});

test("a wrong, missing or unasked-for verifier is refused, and spends the code", async () => {
  const { codeVerifier, parameters } = pkce();
  for (const code_verifier of [pkce().codeVerifier, undefined]) {
    const code = await newCode(sandbox, { parameters });
    assertRefused(await askForToken(sandbox, exchangeOf(code, { code_verifier })), "invalid_grant");
    const rightLater = exchangeOf(code, { code_verifier: codeVerifier });
    assertRefused(await askForToken(sandbox, rightLater), "invalid_grant");
  }
  const plain = exchangeOf(await newCode(sandbox), { code_verifier: codeVerifier, client_secret: undefined });
  assertRefused(await askForToken(sandbox, plain), "invalid_grant");
});

test("a client that does not prove itself gets 401 invalid_client", async () => {
  const { codeVerifier, parameters } = pkce();
  const code = await newCode(sandbox, { parameters });
  const attempts = [
    { client_secret: "wrong" },
    { client_secret: "wrong", code_verifier: codeVerifier },
    { client_secret: "" },
    { client_secret: undefined },
    { client_secret: undefined, response_type: "code" },
    { client_id: "nobody" },
    { client_id: "globex_custom", client_secret: SECRETS.globex_custom },
  ];
  for (const attempt of attempts)
    assertRefused(await askForToken(sandbox, exchangeOf(code, attempt)), "invalid_client");
  const good = exchangeOf(code, { code_verifier: codeVerifier });
  assert.equal((await askForToken(sandbox, good)).status, 200, "the code survived the failed attempts");
});

test("a secret in the Authorization header or in the query is not looked at", async () => {
  const { client_id, client_secret, ...rest } = exchangeOf(await newCode(sandbox));
  const inHeader = await ask(sandbox, "acme", "/oauth/tokens", { json: rest, ...basic(client_id, client_secret) });
  assertRefused(inHeader, "invalid_request");
  const path = `/oauth/tokens?${new URLSearchParams({ client_id, client_secret })}`;
  assertRefused(await ask(sandbox, "acme", path, { json: rest }), "invalid_request");
});

test("lifetimes stay inside their ranges", async () => {
  const code = await newCode(sandbox);
  for (const expires_in of [0, -1, 299, 300, 172_800, 172_801, 900.5, "soon", "", "1e3", "0x400"]) {
    assertRefused(await askForToken(sandbox, exchangeOf(code, { expires_in })), "invalid_request");
  }
  for (const refresh_token_expires_in of [604_799, 7_776_001, "long"]) {
    assertRefused(await askForToken(sandbox, exchangeOf(code, { refresh_token_expires_in })), "invalid_request");
  }
  const good = { expires_in: "172799", refresh_token_expires_in: 604_800 };
  const { json } = await askForToken(sandbox, exchangeOf(code, good));
  assert.equal(json.expires_in, 172_799);
  assert.equal(json.refresh_token_expires_in, 604_800);
});

test("both ends of the lifetimes are accepted inside", async () => {
  for (const good of [{ expires_in: 301 }, { refresh_token_expires_in: 7_776_000 }]) {
    assert.equal((await askForToken(sandbox, exchangeOf(await newCode(sandbox), good))).status, 200);
  }
});

test("malformed requests are invalid_request", async () => {
  const exchange = exchangeOf(await newCode(sandbox));
  const type = { "content-type": "application/json" };
  const attempts = [
    {},
    { body: "{", headers: type },
    { body: "[]", headers: type },
    { body: "null", headers: type },
    { body: JSON.stringify(exchange), headers: { "content-type": "text/plain" } },
    { json: { ...exchange, scope: ["read"] } },
    { json: { ...exchange, code: undefined } },
    { json: { ...exchange, grant_type: undefined } },
    { json: { ...exchange, client_id: undefined } },
    {
      body: "grant_type=refresh_token&grant_type=refresh_token",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    },
  ];
  for (const attempt of attempts) {
    assertRefused(await ask(sandbox, "acme", "/oauth/tokens", { method: "POST", ...attempt }), "invalid_request");
  }
});

test("other grants are unsupported", async () => {
  for (const grant_type of ["password", "implicit", "refresh token", "urn:ietf:params:oauth:grant-type:jwt-bearer"]) {
    assertRefused(await askForToken(sandbox, exchangeOf("x", { grant_type })), "unsupported_grant_type");
  }
});

test("a scope outside the client's allowed scopes yields no token", async () => {
  const narrow = { client_id: "acme_narrow", client_secret: SECRETS.acme_narrow };
  for (const scope of ["read", "tickets:read tickets:write", "organizations:read"]) {
    const code = await newCode(sandbox, { parameters: { client_id: "acme_narrow", scope } });
    assertRefused(await askForToken(sandbox, exchangeOf(code, narrow)), "invalid_scope");
  }
  const code = await newCode(sandbox, { parameters: { client_id: "acme_narrow", scope: "tickets:read" } });
  assert.equal((await askForToken(sandbox, exchangeOf(code, narrow))).json.scope, "tickets:read");
});

test("an unknown scope yields a token that may do nothing", async () => {
  const code = await newCode(sandbox, { parameters: { scope: "made_up:read" } });
  const { json } = await askForToken(sandbox, exchangeOf(code));
  assert.equal(json.scope, "made_up:read");
  assert.equal((await ask(sandbox, "acme", "/api/v2/tickets.json", bearer(json.access_token))).status, 403);
});

test("client credentials act as the client's creator, without a refresh token", async () => {
  const { json, status } = await askForToken(sandbox, {
    grant_type: "client_credentials",
    client_id: "acme_custom",
    client_secret: SECRETS.acme_custom,
    scope: "read",
    expires_in: 1800,
  });
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(json).sort(), ["access_token", "expires_in", "scope", "token_type"]);
  const me = await ask(sandbox, "acme", "/api/v2/users/me.json", bearer(json.access_token));
  assert.equal(me.json.user.email, "ada@acme.example");
});

test("client credentials need a confidential client, its secret, and a scope it may have", async () => {
  const custom = { grant_type: "client_credentials", client_id: "acme_custom", client_secret: SECRETS.acme_custom };
  const open = { ...custom, client_id: "acme_public", scope: "read" };
  assertRefused(await askForToken(sandbox, { ...open, client_secret: undefined }), "unauthorized_client");
  assertRefused(await askForToken(sandbox, { ...open, client_secret: SECRETS.acme_public }), "unauthorized_client");
  assertRefused(await askForToken(sandbox, { ...custom, scope: "read", client_secret: undefined }), "invalid_client");
  assertRefused(await askForToken(sandbox, { ...custom, scope: "read", client_secret: "wrong" }), "invalid_client");
  assertRefused(await askForToken(sandbox, custom), "invalid_scope");
  const narrow = { ...custom, client_id: "acme_narrow", client_secret: SECRETS.acme_narrow, scope: "write" };
  assertRefused(await askForToken(sandbox, narrow), "invalid_scope");
  const foreign = { ...custom, client_id: "zdg-product", client_secret: SECRETS["zdg-product"], scope: "read" };
  assertRefused(await askForToken(sandbox, foreign), "invalid_grant");
});

test("tokens can be JWTs of the type at+jwt", async () => {
  const modern = await startSandbox({ tokenFormat: "jwt" });
  try {
    const { json } = await askForToken(modern, exchangeOf(await newCode(modern)));
    const [header, payload] = json.access_token
      .split(".")
      .slice(0, 2)
      .map((/** @type {string} */ part) => JSON.parse(Buffer.from(part, "base64url").toString()));
    assert.equal(header.typ, "at+jwt");
    assert.equal(payload.iss, modern.origin("acme"));
    assert.equal(payload.exp - payload.iat, 1800);
    assert.equal((await ask(modern, "acme", "/api/v2/users/me.json", bearer(json.access_token))).json.user.id, 1001);
  } finally {
    await modern.close();
  }
});

test("the token endpoint is not for browsers of other origins", async () => {
  const headers = { origin: "https://app.example" };
  const answer = await ask(sandbox, "acme", "/oauth/tokens", { json: exchangeOf(await newCode(sandbox)), headers });
  assert.equal(answer.headers["access-control-allow-origin"], undefined);
});

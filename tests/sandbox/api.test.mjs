import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { API_TOKENS, PASSWORD, SECRETS } from "../../www/sandbox/index.js";
import { ask, askForToken, basic, bearer, newToken, sandboxWithClock } from "./support.mjs";

const ME = "/api/v2/users/me.json";
const TICKETS = "/api/v2/tickets.json";
const CURRENT = "/api/v2/oauth/tokens/current.json";
const INVALID_TOKEN = {
  error: "invalid_token",
  error_description: "The access token provided is expired, revoked, malformed or invalid for other reasons.",
};

/** @type {import("../../www/sandbox/index.js").Sandbox} */
let sandbox;
before(async () => {
  ({ sandbox } = await sandboxWithClock());
});
after(() => sandbox.close());

/** @param {import("./support.mjs").Answer} answer */
function assertNotAuthenticated(answer) {
  assert.equal(answer.status, 401);
  assert.deepEqual(answer.json, { error: "Couldn't authenticate you" });
  assert.equal(answer.headers["www-authenticate"], 'Basic realm="Web Password"');
}

test("users/me answers 200 to strangers, with a null id", async () => {
  const strangers = [
    {},
    basic("ada@acme.example", PASSWORD),
    basic("ada@acme.example", "wrong"),
    { headers: { authorization: "Digest x" } },
  ];
  for (const stranger of strangers) {
    const { status, json } = await ask(sandbox, "acme", ME, stranger);
    assert.equal(status, 200);
    assert.equal(json.user.id, null);
    assert.equal(json.user.name, "Anonymous user");
  }
});

test("other resources refuse strangers", async () => {
  for (const path of [TICKETS, CURRENT, "/api/v2/oauth/tokens.json"]) {
    assertNotAuthenticated(await ask(sandbox, "acme", path));
    assertNotAuthenticated(await ask(sandbox, "acme", path, basic("ada@acme.example", PASSWORD)));
  }
});

test("an API token works with the address of any verified user", async () => {
  for (const email of ["ada@acme.example", "edsger@acme.example", "ADA@acme.example"]) {
    const { json } = await ask(sandbox, "acme", ME, basic(`${email}/token`, API_TOKENS.acme));
    assert.equal(json.user.email, email.toLowerCase());
  }
  assert.equal((await ask(sandbox, "acme", TICKETS, basic("ada@acme.example/token", API_TOKENS.acme))).status, 200);
});

test("a wrong API token is refused, as is a user who may not act", async () => {
  const attempts = [
    basic("ada@acme.example/token", "wrong"),
    basic("ada@acme.example/token", API_TOKENS.acmeDeactivated),
    basic("ada@acme.example/token", API_TOKENS.globex),
    basic("nobody@acme.example/token", API_TOKENS.acme),
    basic("sid@acme.example/token", API_TOKENS.acme),
    basic("una@acme.example/token", API_TOKENS.acme),
    basic("ada@acme.example/token/token", API_TOKENS.acme),
  ];
  for (const attempt of attempts) {
    assertNotAuthenticated(await ask(sandbox, "acme", ME, attempt));
    assertNotAuthenticated(await ask(sandbox, "acme", TICKETS, attempt));
  }
});

test("a bearer token names its user; a wrong one is invalid_token", async () => {
  const { access_token } = await newToken(sandbox, { email: "grace@acme.example" });
  const { json } = await ask(sandbox, "acme", ME, bearer(access_token));
  assert.equal(json.user.id, 1002);
  assert.equal(json.user.role, "agent");
  for (const subdomain of ["acme", "globex"]) {
    const token = subdomain === "acme" ? "wrong" : access_token;
    const answer = await ask(sandbox, subdomain, ME, bearer(token));
    assert.equal(answer.status, 401);
    assert.deepEqual(answer.json, INVALID_TOKEN);
  }
});

test("a missing scope is forbidden, and says which", async () => {
  const tickets = await newToken(sandbox, { scope: "tickets:read" });
  for (const path of [ME, CURRENT, "/api/v2/oauth/tokens"]) {
    const { status, json } = await ask(sandbox, "acme", path, bearer(tickets.access_token));
    assert.equal(status, 403);
    assert.deepEqual(json, { error: "Forbidden", description: "You are missing the following required scopes: read" });
  }
  const { json } = await ask(sandbox, "acme", TICKETS, {
    ...bearer(tickets.access_token),
    json: { ticket: { comment: { body: "x" } } },
  });
  assert.equal(json.description, "You are missing the following required scopes: write");
});

test("tickets are read with read or tickets:read, and never by end users", async () => {
  for (const scope of ["read", "tickets:read"]) {
    const { access_token } = await newToken(sandbox, { scope });
    const { status, json } = await ask(sandbox, "acme", TICKETS, bearer(access_token));
    assert.equal(status, 200);
    assert.equal(json.tickets[0].subject, "The roadrunner got away again");
    assert.equal(json.count, json.tickets.length);
  }
  const endUser = await newToken(sandbox, { email: "edsger@acme.example", scope: "read" });
  const refused = await ask(sandbox, "acme", TICKETS, bearer(endUser.access_token));
  assert.equal(refused.status, 403);
  assert.equal(refused.json.error.title, "Forbidden");
});

test("a ticket is created with write or tickets:write, and read back", async () => {
  for (const scope of ["read write", "tickets:read tickets:write"]) {
    const { access_token } = await newToken(sandbox, { scope });
    const ticket = { subject: scope, comment: { body: "It broke." } };
    const created = await ask(sandbox, "acme", TICKETS, { ...bearer(access_token), json: { ticket } });
    assert.equal(created.status, 201);
    const { json } = await ask(sandbox, "acme", `/api/v2/tickets/${created.json.ticket.id}.json`, bearer(access_token));
    assert.deepEqual(json.ticket, created.json.ticket);
    assert.equal(json.ticket.subject, scope);
    const blank = await ask(sandbox, "acme", TICKETS, { ...bearer(access_token), json: { ticket: {} } });
    assert.equal(blank.status, 422);
  }
  const { access_token } = await newToken(sandbox);
  assert.equal((await ask(sandbox, "acme", "/api/v2/tickets/999999.json", bearer(access_token))).status, 404);
});

test("tokens/current describes the token and shows 10 characters of its values", async () => {
  const token = await newToken(sandbox, { scope: "read organizations:write" });
  const { json } = await ask(sandbox, "acme", CURRENT, bearer(token.access_token));
  const { id, ...rest } = json.token;
  assert.equal(typeof id, "number");
  assert.deepEqual(rest, {
    url: `${sandbox.origin("acme")}/api/v2/oauth/tokens/${id}.json`,
    client_id: 11,
    user_id: 1001,
    scopes: ["read", "organizations:write"],
    token: token.access_token.slice(0, 10),
    refresh_token: token.refresh_token.slice(0, 10),
    created_at: "2026-11-23T12:00:00Z",
    expires_at: "2026-11-23T12:30:00Z",
    refresh_token_expires_at: "2026-12-23T12:00:00Z",
    used_at: "2026-11-23T12:00:00Z",
  });
});

test("there is no current token without one, and none to refresh after client credentials", async () => {
  assert.equal((await ask(sandbox, "acme", CURRENT, basic("ada@acme.example/token", API_TOKENS.acme))).status, 404);
  const client = { client_id: "acme_custom", client_secret: SECRETS.acme_custom };
  const asked = { grant_type: "client_credentials", ...client, scope: "read" };
  const { access_token } = (await askForToken(sandbox, asked)).json;
  const { token } = (await ask(sandbox, "acme", CURRENT, bearer(access_token))).json;
  assert.equal(token.refresh_token, null);
  assert.equal(token.refresh_token_expires_at, null);
});

test("people list their own tokens, administrators everyone's", async () => {
  const agent = await newToken(sandbox, { email: "grace@acme.example" });
  const admin = await newToken(sandbox, { email: "ada@acme.example" });
  const users = async (/** @type {string} */ query, /** @type {string} */ token) => {
    const { json } = await ask(sandbox, "acme", `/api/v2/oauth/tokens.json${query}`, bearer(token));
    assert.equal(json.count, json.tokens.length);
    assert.ok(json.tokens.every((/** @type {any} */ entry) => entry.token.length === 10));
    return new Set(json.tokens.map((/** @type {any} */ entry) => entry.user_id));
  };
  assert.deepEqual(await users("?all=true", agent.access_token), new Set([1002]));
  assert.deepEqual(await users("", admin.access_token), new Set([1001]));
  assert.ok((await users("?all=true", admin.access_token)).has(1002));
  assert.deepEqual(await users("?all=true&client_id=12", admin.access_token), new Set());
});

test("revoking by id ends access and refresh token at once", async () => {
  const token = await newToken(sandbox);
  const { id } = (await ask(sandbox, "acme", CURRENT, bearer(token.access_token))).json.token;
  const path = `/api/v2/oauth/tokens/${id}.json`;
  assert.equal((await ask(sandbox, "acme", path, bearer(token.access_token))).json.token.id, id);
  const revoked = await ask(sandbox, "acme", path, { method: "DELETE", ...bearer(token.access_token) });
  assert.equal(revoked.status, 204);
  assert.equal(revoked.text, "");
  assert.equal((await ask(sandbox, "acme", ME, bearer(token.access_token))).status, 401);
  const client = { client_id: "acme_custom", client_secret: SECRETS.acme_custom };
  const refresh = { grant_type: "refresh_token", refresh_token: token.refresh_token, ...client };
  assert.equal((await askForToken(sandbox, refresh)).json.error, "invalid_grant");
});

test("revoking the current token needs write", async () => {
  const reader = await newToken(sandbox, { scope: "read" });
  assert.equal((await ask(sandbox, "acme", CURRENT, { method: "DELETE", ...bearer(reader.access_token) })).status, 403);
  const writer = await newToken(sandbox, { scope: "write" });
  assert.equal((await ask(sandbox, "acme", CURRENT, { method: "DELETE", ...bearer(writer.access_token) })).status, 204);
  assert.equal((await ask(sandbox, "acme", TICKETS, bearer(writer.access_token))).status, 401);
});

test("another's token is not found, except by an administrator", async () => {
  const agent = await newToken(sandbox, { email: "grace@acme.example" });
  const admin = await newToken(sandbox);
  const idOf = async (/** @type {string} */ token) =>
    (await ask(sandbox, "acme", CURRENT, bearer(token))).json.token.id;
  const [agentId, adminId] = [await idOf(agent.access_token), await idOf(admin.access_token)];
  const asAgent = { method: "DELETE", ...bearer(agent.access_token) };
  assert.equal((await ask(sandbox, "acme", `/api/v2/oauth/tokens/${adminId}`, asAgent)).status, 404);
  const asAdmin = { method: "DELETE", ...bearer(admin.access_token) };
  assert.equal((await ask(sandbox, "acme", `/api/v2/oauth/tokens/${agentId}`, asAdmin)).status, 204);
  assert.equal((await ask(sandbox, "acme", ME, bearer(agent.access_token))).status, 401);
});

test("browsers of other origins may read what an OAuth token is answered, and nothing else", async () => {
  const { access_token } = await newToken(sandbox);
  const allowed = await ask(sandbox, "acme", ME, bearer(access_token));
  assert.equal(allowed.headers["access-control-allow-origin"], "*");
  for (const other of [{}, basic("ada@acme.example/token", API_TOKENS.acme)]) {
    const answer = await ask(sandbox, "acme", ME, other);
    assert.equal(answer.headers["access-control-allow-origin"], undefined);
  }
  const preflight = await ask(sandbox, "acme", ME, { method: "OPTIONS", headers: { origin: "https://app.example" } });
  assert.equal(preflight.status, 204);
  assert.match(String(preflight.headers["access-control-allow-headers"]), /Authorization/);
});

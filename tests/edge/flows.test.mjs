import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { beginAuthorization, checkCallback, exchange } from "zendesk-auth";
import { SECRETS } from "../../www/sandbox/index.js";
import { ADMIN_KEY, cookiesOf, decide, form, HAND_OFF, PUBLIC_URL, world } from "./support.mjs";

/** @type {Awaited<ReturnType<typeof world>>} */
let here;
/** @type {string} */
let profile;

before(async () => {
  here = await world();
  profile = (await here.call("POST", "/profiles", { bearer: here.session, json: form() })).json.id;
});
after(() => here.sandbox.close());

/** @param {{ decision?: string, profile?: string }} [choices] */
async function popup({ decision = "allow", ...choices } = {}) {
  const begun = await here.call("POST", "/connections", {
    bearer: here.session,
    json: { profile: choices.profile ?? profile },
  });
  assert.equal(begun.status, 200, begun.text);
  const back = await decide(here.sandbox, begun.json.authorizationUrl, { decision });
  const page = await here.call("GET", back.pathname + back.search, { headers: { cookie: cookiesOf(begun) } });
  const poll = await here.call("GET", `/transactions/${begun.json.transaction}`, { bearer: here.session });
  return { begun, back, page, poll: poll.json };
}

/** The hand-off as a page does it, with the package's browser entry. */
async function handOff(/** @type {Record<string, string>} */ changes = {}) {
  const { authorizationUrl, transaction } = beginAuthorization({
    subdomain: "acme",
    clientId: "acme_custom",
    redirectUri: HAND_OFF,
    scope: "read write",
    profile,
    accountTemplate: here.sandbox.accountTemplate,
    ...changes,
  });
  const back = await decide(here.sandbox, authorizationUrl);
  const callback = checkCallback(back, transaction);
  const send = () =>
    exchange(`${PUBLIC_URL}/oauth/exchange`, callback, {
      fetch: (input, init) => here.edge.fetch(new Request(input, init)),
      headers: { authorization: `Bearer ${here.session}` },
    });
  return { send };
}

test("a popup ends with a connection that names the user, the scopes and the expiry", async () => {
  const { begun, page, poll } = await popup();
  assert.equal(page.status, 200);
  assert.match(page.text, /is connected to the Zendesk account acme as Ada Byron/);
  assert.equal(poll.status, "connected");
  const { json } = await here.call("GET", `/connections/${poll.connection}`, { bearer: here.session });
  assert.equal(json.user.email, "ada@acme.example");
  assert.deepEqual(json.scopes, { requested: ["read", "write"], granted: ["read", "write"], missing: [] });
  assert.equal(json.subject, "integration");
  const lifetime = Date.parse(json.expiresAt) - Date.parse(json.updatedAt);
  assert.ok(lifetime > 1_790_000 && lifetime <= 1_800_000, `${lifetime}`);
  assert.equal(here.events.at(-1)?.type, "connection.created");
  assert.match(begun.json.expiresAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test("the hand-off ends with the same connection", async () => {
  const { send } = await handOff();
  const connection = await send();
  const { poll } = await popup();
  assert.equal(connection.id, poll.connection);
  assert.equal(connection.status, "active");
  assert.equal(connection.user.role, "admin");
});

test("a code that was used already is refused in Zendesk's words", async () => {
  const { send } = await handOff();
  await send();
  await assert.rejects(send, (/** @type {any} */ error) => {
    assert.equal(error.name, "ZendeskAuthError");
    assert.equal(error.code, "invalid_grant");
    assert.equal(error.error, "invalid_grant");
    return true;
  });
});

test("a denial and a wrong secret are told apart", async () => {
  const denied = await popup({ decision: "deny" });
  assert.match(denied.page.text, /Access was not granted/);
  assert.equal(denied.poll.code, "access_denied");
  const wrong = await here.call("POST", "/profiles", {
    bearer: here.session,
    json: form({ clientSecret: "not-the-secret" }),
  });
  const refused = await popup({ profile: wrong.json.id });
  assert.match(refused.page.text, /check both in Admin Center/);
  assert.equal(refused.poll.code, "invalid_client");
});

test("a public client connects with PKCE alone", async () => {
  const saved = await here.call("POST", "/profiles", {
    bearer: here.session,
    json: form({ clientId: "acme_public", clientKind: "public", clientSecret: "" }),
  });
  assert.equal(saved.status, 201, saved.text);
  assert.equal((await popup({ profile: saved.json.id })).poll.status, "connected");
});

test("what Zendesk grants less than asked for is shown as missing", async () => {
  here.sandbox.faults.set("token", { kind: "scope", scope: "read" });
  try {
    const { poll } = await popup();
    const { json } = await here.call("GET", `/connections/${poll.connection}`, { bearer: here.session });
    assert.deepEqual(json.scopes.missing, ["write"]);
  } finally {
    here.sandbox.faults.clear();
  }
});

for (const [name, target, fault, code] of /** @type {const} */ ([
  [
    "a redirect to another host",
    "token",
    { kind: "redirect", location: "https://evil.example/" },
    "unexpected_redirect",
  ],
  [
    "a redirect that keeps the body",
    "token",
    { kind: "redirect", location: "/elsewhere", status: 307 },
    "unexpected_redirect",
  ],
  ["a body of 5 MB", "token", { kind: "huge", bytes: 5_000_000 }, "token_response_too_large"],
  ["a broken connection", "token", { kind: "drop" }, "zendesk_unreachable"],
  ["an answer that breaks off", "token", { kind: "truncated" }, /^(zendesk_unreachable|token_response_malformed)$/],
  ["an outage", "token", { kind: "status", status: 503 }, "zendesk_unavailable"],
  ["a rate limit", "token", { kind: "status", status: 429, retryAfter: 3 }, "rate_limited"],
  ["an HTML page", "token", { kind: "html" }, /^(token_response_malformed|zendesk_unavailable)$/],
  ["an outage of the identity call", "me", { kind: "status", status: 500 }, "zendesk_unavailable"],
])) {
  test(`${name} ends in a sentence and not in a connection`, async () => {
    here.sandbox.faults.set(target, /** @type {any} */ (fault));
    try {
      const { page, poll } = await popup();
      assert.equal(page.status, 200);
      assert.equal(poll.status, "failed");
      if (typeof code === "string") assert.equal(poll.code, code);
      else assert.match(poll.code, code);
      assert.match(page.text, /<h1>[^<]+<\/h1>.*<p>[A-Z][^<]+\.<\/p>/s);
    } finally {
      here.sandbox.faults.clear();
    }
  });
}

test("a missing expires_in and an unreadable token description do no harm", async () => {
  here.sandbox.faults.set("token", { kind: "omit", fields: ["expires_in", "scope"] });
  here.sandbox.faults.set("current", { kind: "status", status: 403 });
  try {
    const { poll } = await popup();
    const { json } = await here.call("GET", `/connections/${poll.connection}`, { bearer: here.session });
    const lifetime = Date.parse(json.expiresAt) - Date.parse(json.updatedAt);
    assert.ok(lifetime > 1_790_000 && lifetime <= 1_800_000, `${lifetime}`);
  } finally {
    here.sandbox.faults.clear();
  }
});

test("nothing went to another host, and no secret stayed in the clear", async () => {
  assert.ok(here.sandbox.requests.length > 50);
  const page = await here.store.list("", { limit: 1000 });
  const stored = JSON.stringify(page.entries);
  const told = JSON.stringify(here.events);
  assert.ok(page.entries.some(({ key }) => key.startsWith("connections/default/")));
  for (const secret of [SECRETS.acme_custom, ADMIN_KEY, "not-the-secret"]) {
    assert.ok(!stored.includes(secret) && !told.includes(secret));
  }
  for (const { value } of page.entries) assert.match(value, /^[\w-]+\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
});

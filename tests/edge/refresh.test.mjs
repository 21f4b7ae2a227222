import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { isZendeskAuthError } from "zendesk-auth/edge";
import { ADMIN_KEY, cookiesOf, decide, form, world } from "./support.mjs";

/** @typedef {import("../../www/sandbox/faults.js").Fault} Fault */

const minutes = 60_000;
let clock = 0;
/** @type {Awaited<ReturnType<typeof world>>} */
let here;
/** @type {string} */
let id;

/** A worker and a stand-in on one clock, and a connection. */
beforeEach(async () => {
  await here?.sandbox.close();
  clock = 0;
  here = await world({ now: () => Date.now() + clock }, { now: () => Date.now() + clock });
  const { json: profile } = await here.call("POST", "/profiles", { bearer: here.session, json: form() });
  const begun = await here.call("POST", "/connections", { bearer: here.session, json: { profile: profile.id } });
  const back = await decide(here.sandbox, begun.json.authorizationUrl);
  await here.call("GET", back.pathname + back.search, { headers: { cookie: cookiesOf(begun) } });
  id = (await here.call("GET", `/transactions/${begun.json.transaction}`, { bearer: here.session })).json.connection;
  here.sandbox.requests.length = 0;
});
after(() => here.sandbox.close());

const credentials = () => here.call("GET", `/connections/${id}/credentials`, { bearer: ADMIN_KEY });
const shown = async () => (await here.call("GET", `/connections/${id}`, { bearer: await admin() })).json;
const refreshes = () => here.sandbox.requests.filter(({ url }) => url === "/oauth/tokens").length;

async function admin() {
  return (await here.call("POST", "/sessions", { bearer: ADMIN_KEY, json: { role: "admin" } })).json.session;
}

/** @param {{ json: { authorization: string } }} reply  whether Zendesk takes what was handed out */
async function works({ json }) {
  const url = `${here.sandbox.origin("acme")}/api/v2/tickets.json`;
  const { loopbackFetch } = await import("./support.mjs");
  const answer = await loopbackFetch(url, { headers: { authorization: json.authorization }, redirect: "manual" });
  return answer.status === 200;
}

test("a token is refreshed when it is due, and each one works", async () => {
  const first = await credentials();
  assert.ok(await works(first));
  for (let round = 1; round <= 5; round++) {
    clock += 26 * minutes;
    const next = await credentials();
    assert.notEqual(next.json.authorization, first.json.authorization);
    assert.ok(await works(next));
    assert.equal(refreshes(), round);
  }
  assert.ok(!(await works(first)), "the old one died with the first refresh");
});

test("a thousand calls on an expired connection cause one refresh", async () => {
  clock += 45 * minutes;
  const replies = await Promise.all(Array.from({ length: 1000 }, credentials));
  assert.equal(refreshes(), 1);
  assert.deepEqual([...new Set(replies.map(({ json }) => json.authorization))].length, 1);
  assert.ok(await works(/** @type {any} */ (replies[0])));
});

/** @type {[string, Fault, number][]} What the stand-in does to a refresh, and what a call says then. */
const clear = [
  ["429 with Retry-After", { kind: "status", status: 429, retryAfter: 7 }, 503],
  ["429 without", { kind: "status", status: 429 }, 503],
  ["500", { kind: "status", status: 500 }, 503],
];
for (const [name, fault, status] of clear) {
  test(`${name}: the old token lasts, then the trouble is told, then all is well`, async () => {
    here.sandbox.faults.set("token", fault);
    clock += 26 * minutes;
    assert.ok(await works(await credentials()));
    const { status: word, trouble } = await shown();
    assert.equal(word, "active");
    assert.ok(trouble.failures === 1 && Date.parse(trouble.retryAt) > Date.now() + clock);
    clock += 10 * minutes;
    const refused = await credentials();
    assert.equal(refused.status, status, refused.text);
    assert.ok(refused.json.retryAfter >= ("retryAfter" in fault ? 7 : 1));
    here.sandbox.faults.clear();
    clock += 3 * minutes;
    assert.ok(await works(await credentials()));
    assert.equal((await shown()).trouble, null);
  });
}

/** @type {[string, Fault][]} Nothing has happened at Zendesk, but who could know that. */
const lost = [
  ["HTML", { kind: "html", times: 1 }],
  ["a redirect to another host", { kind: "redirect", location: "https://evil.example/", times: 1 }],
  ["50 MB", { kind: "huge", bytes: 50_000_000, times: 1 }],
  ["a broken connection", { kind: "drop", times: 1 }],
];
for (const [name, fault] of lost) {
  test(`${name}: the old token is tried before it is handed out, and then refreshed`, async () => {
    here.sandbox.faults.set("token", fault);
    clock += 26 * minutes;
    assert.ok(await works(await credentials()));
    assert.ok(here.sandbox.requests.some(({ url }) => url.includes("tokens/current")));
    clock += minutes;
    assert.ok(await works(await credentials()));
    assert.equal(refreshes(), 2);
    assert.equal((await shown()).status, "active");
  });
}

/** @type {[string, Fault][]} Zendesk has rotated, and nobody got the new pair: the one ambiguous case. */
const spent = [
  ["truncated JSON", { kind: "truncated", times: 1 }],
  ["a lost answer", { kind: "lost", times: 1 }],
];
for (const [name, fault] of spent) {
  test(`${name}: nothing that is dead is handed out, and the truth is told after one more attempt`, async () => {
    here.sandbox.faults.set("token", fault);
    clock += 26 * minutes;
    assert.ok((await credentials()).status >= 502);
    clock += minutes;
    const refused = await credentials();
    assert.deepEqual([refused.status, refused.json.code], [409, "reauthorization_required"]);
    assert.equal(refreshes(), 2);
    assert.equal(here.events.filter(({ type }) => type === "connection.reauthorization-required").length, 1);
  });
}

test("a slow trickle and a hang end after ten seconds, and the connection lives", { timeout: 60_000 }, async () => {
  for (const fault of /** @type {Fault[]} */ ([
    { kind: "hang", times: 1 },
    { kind: "slow", stepMilliseconds: 500, times: 1 },
  ])) {
    clock += 26 * minutes;
    here.sandbox.faults.set("token", fault);
    const began = Date.now();
    const reply = await credentials();
    const took = Date.now() - began;
    assert.ok(took > 9_000 && took < 15_000, `${took} ms`);
    if (fault.kind === "hang") assert.ok(await works(reply));
    else assert.ok(reply.status >= 502, reply.text);
    clock += minutes;
    const again = await credentials();
    if (fault.kind === "hang") assert.ok(await works(again));
    else assert.equal(again.json.code, "reauthorization_required", "the trickle was a rotation");
  }
});

test("a missing expires_in, narrower scopes and JWTs change nothing that matters", async () => {
  here.sandbox.faults.set("token", { kind: "omit", fields: ["expires_in"], times: 1 });
  clock += 26 * minutes;
  const silent = await credentials();
  assert.ok(await works(silent));
  const left = Date.parse(silent.json.expiresAt) - (Date.now() + clock);
  assert.ok(left > 29 * minutes && left < 31 * minutes, `${left}`);
  here.sandbox.faults.set("token", { kind: "omit", fields: ["refresh_token", "scope"], times: 1 });
  clock += 26 * minutes;
  assert.ok(await works(await credentials()));
  here.sandbox.faults.clear();

  clock = 0;
  const { json } = await here.call("POST", `/connections/${id}/refresh`, { bearer: ADMIN_KEY });
  assert.equal(json.code, "reauthorization_required", "the stand-in left out the refresh token that it had made");
});

test("narrower scopes are told, and a JWT is a token like any other", async () => {
  here.sandbox.faults.set("token", { kind: "scope", scope: "read", times: 1 });
  clock += 26 * minutes;
  await credentials();
  assert.deepEqual((await shown()).scopes, { requested: ["read", "write"], granted: ["read"], missing: ["write"] });
  here.sandbox.faults.set("token", { kind: "jwt", times: 1 });
  clock += 26 * minutes;
  const jwt = await credentials();
  assert.match(jwt.json.authorization, /^Bearer eyJ/);
  assert.ok(await works(jwt));
});

test("the proxy streams both ways and adds what is missing", async () => {
  const proxy = `/connections/${id}/proxy/api/v2/tickets.json`;
  const listed = await here.call("GET", `${proxy}?tenant=default`, { bearer: ADMIN_KEY });
  assert.ok(listed.status === 200 && listed.json.tickets.length > 0, listed.text);
  const ticket = { ticket: { subject: "Through the proxy", comment: { body: "Hello" } } };
  const made = await here.call("POST", proxy, { bearer: ADMIN_KEY, json: ticket });
  assert.deepEqual([made.status, made.json.ticket.subject], [201, "Through the proxy"]);
  here.sandbox.account("acme").tokens.clear();
  clock += 2 * minutes;
  const refused = await here.call("GET", proxy, { bearer: ADMIN_KEY });
  assert.equal(refused.json.code, "reauthorization_required", "no token of this account works any more");
});

test("a token that Zendesk refuses is refreshed, and the call is sent once more", async () => {
  clock += 2 * minutes;
  here.sandbox.faults.set("api", { kind: "status", status: 401, body: '{"error":"invalid_token"}', times: 1 });
  const ticket = { ticket: { comment: { body: "x".repeat(60_000) } } };
  const made = await here.call("POST", `/connections/${id}/proxy/api/v2/tickets.json`, {
    bearer: ADMIN_KEY,
    json: ticket,
  });
  assert.equal(made.status, 201, made.text);
  assert.equal(refreshes(), 1);
  assert.equal(
    here.sandbox.requests.filter(({ method, url }) => method === "POST" && url.includes("tickets")).length,
    2,
  );
});

test("the product's own code calls Zendesk without a key", async () => {
  const connection = here.edge.connection(id);
  const { authorization, baseUrl } = await connection.credentials();
  assert.ok(await works({ json: { authorization } }));
  assert.equal(baseUrl, here.sandbox.origin("acme"));
  const answer = await connection.fetch("/api/v2/users/me.json");
  assert.equal((await answer.json()).user.email, "ada@acme.example");
  const missing = await connection.fetch("/api/v2/nothing.json?page=2");
  assert.equal(missing.status, 404, "Zendesk's own answer");
  assert.ok(here.sandbox.requests.some(({ url }) => url === "/api/v2/nothing.json?page=2"));
  const made = await connection.fetch("/api/v2/tickets.json", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ticket: { comment: { body: "Hello" } } }),
  });
  assert.equal(made.status, 201);
});

test("the product's own code hears of trouble as an error with a code", async () => {
  const code = (/** @type {string} */ expected) => (/** @type {any} */ error) =>
    isZendeskAuthError(error) && error.code === expected;
  await assert.rejects(here.edge.connection("nobody").credentials(), code("connection_not_found"));
  await assert.rejects(here.edge.connection(id, { tenant: "other" }).credentials(), code("connection_not_found"));
  const { fetch } = here.edge.connection(id);
  for (const path of ["/oauth/tokens", "../../../sessions", "/../credentials", "api/v2/../../../../sessions", ""]) {
    await assert.rejects(fetch(path, { method: "POST" }), code("proxy_path_refused"), path);
  }
  assert.equal(here.events.filter(({ type }) => type === "session.created").length, 1, "nothing but the test's own");
  here.sandbox.faults.set("api", { kind: "redirect", location: "https://evil.example/", times: 1 });
  await assert.rejects(fetch("/api/v2/tickets.json"), code("unexpected_redirect"));
  here.sandbox.faults.set("token", { kind: "status", status: 400, body: '{"error":"invalid_grant"}' });
  clock += 40 * minutes;
  await assert.rejects(fetch("/api/v2/tickets.json"), code("reauthorization_required"));
});

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { startFaulty } from "./support/faulty.mjs";

// What the stand-in does to a refresh, and what is seen of it through workerd. Each connection is 30 minutes old at most.

/** @typedef {import("./support/faulty.mjs").Fault} Fault */

/** @type {Awaited<ReturnType<typeof startFaulty>>} */
let here;
before(async () => {
  here = await startFaulty();
});
afterEach(() => here.mend());
after(() => here?.close());

const due = 26;
const expired = 10;
const fiftyMegabytes = 50_000_000;

/**
 * Zendesk has clearly not granted. The fault, the code, and seconds to wait: at least, at most.
 * @type {[string, Fault, string, [number, number]][]}
 */
const clear = [
  ["429 with Retry-After", { kind: "status", status: 429, retryAfter: 40 }, "rate_limited", [40, 50]],
  ["429 without Retry-After", { kind: "status", status: 429 }, "rate_limited", [1, 10]],
  ["429 with a Retry-After of a day", { kind: "status", status: 429, retryAfter: 86_400 }, "rate_limited", [120, 150]],
  ["500", { kind: "status", status: 500 }, "zendesk_unavailable", [1, 10]],
];
for (const [name, fault, code, [least, most]] of clear) {
  test(`${name}: the old token is served while it lasts, then the trouble is told, then all is well`, async () => {
    const connection = await here.connected();
    const old = connection.works(await connection.credentials());
    here.fault("token", fault);
    await here.later(due);
    assert.equal(connection.works(await connection.credentials()), old);
    assert.equal(connection.works(await connection.credentials()), old);
    assert.equal(connection.refreshes(), 1, "it is not asked again at once");
    const { status, trouble } = await connection.shown();
    assert.deepEqual([status, trouble.code, trouble.failures], ["active", code, 1]);
    assert.ok(Date.parse(trouble.retryAt) > Date.now() + here.standIn.clock.ahead);

    await here.later(expired);
    const refused = await connection.credentials();
    assert.deepEqual([refused.status, refused.json.code, refused.json.status], [503, code, 503], refused.text);
    const seconds = Number(refused.headers.get("retry-after"));
    assert.equal(refused.json.retryAfter, seconds);
    assert.ok(seconds >= least && seconds <= most, `${seconds}`);
    assert.equal((await connection.shown()).status, "active");

    here.mend();
    const asked = connection.refreshes();
    assert.equal((await connection.credentials()).status, 503);
    assert.equal(connection.refreshes(), asked, "nor before that time has passed");
    await here.later(3);
    assert.notEqual(connection.works(await connection.credentials()), old);
    assert.equal((await connection.shown()).trouble, null);
    await here.assertSilent();
  });
}

/**
 * Nothing has happened at Zendesk, but who could know that. The fault, the code, the answer's status.
 * @type {[string, () => Fault, string, number][]}
 */
const unclear = [
  ["HTML", () => ({ kind: "html" }), "token_response_malformed", 502],
  ["a redirect to another host", () => redirect(302), "unexpected_redirect", 502],
  ["a redirect that keeps method and body", () => redirect(307), "unexpected_redirect", 502],
  ["a connection that breaks", () => ({ kind: "drop" }), "zendesk_unreachable", 502],
  ["a body of 50 MB", () => ({ kind: "huge", bytes: fiftyMegabytes }), "token_response_too_large", 502],
];
for (const [name, fault, code, status] of unclear) {
  test(`${name}: the old token is served once Zendesk was seen to take it, then the trouble is told, then all is well`, async () => {
    const connection = await here.connected();
    const old = connection.works(await connection.credentials());
    here.fault("token", fault());
    await here.later(due);
    const before = here.standIn.sandbox.requests.length;
    assert.equal(connection.works(await connection.credentials()), old);
    const asked = here.standIn.sandbox.requests.slice(before).map(({ url }) => url);
    assert.deepEqual(asked, ["/oauth/tokens", "/api/v2/oauth/tokens/current.json"]);
    const shown = await connection.shown();
    assert.deepEqual([shown.status, shown.trouble.code], ["active", code]);

    await here.later(expired);
    const refused = await connection.credentials();
    assert.deepEqual([refused.status, refused.json.code], [status, code], refused.text);
    assert.ok(Number(refused.headers.get("retry-after")) >= 1);
    here.mend();
    await here.later(1);
    assert.notEqual(connection.works(await connection.credentials()), old);
    assert.equal((await connection.shown()).trouble, null);
    assert.deepEqual(here.elsewhere(), [], "nothing has left the account's host");
    await here.assertSilent();
  });
}

test("a redirect that is followed would have been noticed", async () => {
  here.fault("me", redirect(302));
  const me = encodeURIComponent(`${here.standIn.sandbox.origin("acme")}/api/v2/users/me.json`);
  await here.ask("GET", `/test/follow?url=${me}`);
  const [followed] = here.elsewhere();
  assert.equal(followed?.host, "evil.example");
  here.standIn.sandbox.requests.splice(here.standIn.sandbox.requests.indexOf(/** @type {any} */ (followed)), 1);
});

test("a body of 50 MB is read no further than the limit", async (t) => {
  const connection = await here.connected();
  here.fault("token", { kind: "huge", bytes: fiftyMegabytes, times: 1 });
  await here.later(due);
  connection.works(await connection.credentials());
  const answered = here.standIn.sandbox.requests.findLast(({ url }) => url === "/oauth/tokens");
  for (let tries = 0; answered?.sent === null && tries < 100; tries++)
    await new Promise((next) => setTimeout(next, 50));
  // 64 KiB, and what was on its way when the worker closed the connection.
  assert.ok(answered?.sent && answered.sent < fiftyMegabytes / 10, `${answered?.sent} bytes were sent`);
  t.diagnostic(`of ${fiftyMegabytes} bytes, ${answered.sent} were sent before the worker closed the connection`);
});

/** Zendesk has rotated, and nobody got the new pair: the one ambiguous case. @type {[string, Fault][]} */
const spent = [
  ["truncated JSON", { kind: "truncated", times: 1 }],
  ["a slow trickle", { kind: "slow", stepMilliseconds: 500, times: 1 }],
  ["a connection that breaks before the answer", { kind: "lost", times: 1 }],
  ["502 of a gateway that lost the answer", { kind: "status", status: 502, afterwards: true, times: 1 }],
  ["504 of a gateway that did not wait for it", { kind: "status", status: 504, afterwards: true, times: 1 }],
];
for (const [name, fault] of spent) {
  test(`${name}: what is dead is not handed out, and after one more attempt the truth is told`, async () => {
    const connection = await here.connected();
    here.fault("token", fault);
    await here.later(due);
    const since = performance.now();
    const refused = await connection.credentials();
    const took = performance.now() - since;
    assert.ok(took < 15_000 && (fault.kind !== "slow" || took > 9_000), `${took} ms`);
    assert.ok([409, 502, 503, 504].includes(refused.status), refused.text);
    await here.later(1);
    const told = await connection.credentials();
    assert.deepEqual([told.status, told.json.code], [409, "reauthorization_required"]);
    assert.equal((await connection.shown()).status, "reauthorization-required");
    assert.equal((await connection.credentials()).status, 409);
    assert.equal(connection.refreshes(), 2, "there is no loop");
    assert.equal(await connection.told("connection.reauthorization-required"), 1);
    await here.assertSilent();
  });
}

test("a hang ends after ten seconds, the old token is tried and served, and the next refresh works", async () => {
  const connection = await here.connected();
  const old = connection.works(await connection.credentials());
  here.fault("token", { kind: "hang" });
  await here.later(due);
  const since = performance.now();
  assert.equal(connection.works(await connection.credentials()), old);
  const took = performance.now() - since;
  assert.ok(took > 9_000 && took < 15_000, `${took} ms`);
  const { status, trouble } = await connection.shown();
  assert.deepEqual([status, trouble.code], ["active", "zendesk_timeout"]);
  here.mend();
  await here.later(1);
  assert.notEqual(connection.works(await connection.credentials()), old);
  await here.assertSilent();
});

test("a missing expires_in is neither never nor now", async () => {
  const connection = await here.connected();
  here.fault("token", { kind: "omit", fields: ["expires_in"] });
  for (let round = 1; round <= 3; round++) {
    await here.later(due);
    const reply = await connection.credentials();
    connection.works(reply);
    const left = Date.parse(reply.json.expiresAt) - (Date.now() + here.standIn.clock.ahead);
    assert.ok(left > 29 * 60_000 && left < 31 * 60_000, `${left}`);
    connection.works(await connection.credentials());
    assert.equal(connection.refreshes(), round);
  }
});

test("a narrower scope is told, and the connection goes on", async () => {
  const connection = await here.connected();
  here.fault("token", { kind: "scope", scope: "read", times: 1 });
  await here.later(due);
  connection.works(await connection.credentials());
  const { status, scopes } = await connection.shown();
  assert.equal(status, "active");
  assert.deepEqual(scopes, { requested: ["read", "write"], granted: ["read"], missing: ["write"] });
  await here.later(due);
  connection.works(await connection.credentials());
});

test("a JWT is a token like any other", async () => {
  const connection = await here.connected();
  here.fault("token", { kind: "jwt" });
  for (let round = 1; round <= 2; round++) {
    await here.later(due);
    assert.match(connection.works(await connection.credentials()), /^Bearer eyJ/);
    assert.equal((await connection.proxy("/api/v2/users/me.json")).json.user.id, connection.user);
  }
  await here.assertSilent();
});

/** @param {302 | 307} status @returns {Fault} */
function redirect(status) {
  return { kind: "redirect", location: "http://evil.example/", status };
}

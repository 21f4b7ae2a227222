import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { HAND_OFF } from "../edge/support.mjs";
import { startFaulty } from "./support/faulty.mjs";
import { session } from "./support/product.mjs";

// The stand-in's faults before an authorization and before calls of its API, seen through workerd.

/** @typedef {import("./support/faulty.mjs").Fault} Fault */

/** @type {Awaited<ReturnType<typeof startFaulty>>} */
let here;
before(async () => {
  here = await startFaulty();
});
afterEach(() => here.mend());
after(() => here?.close());

const tickets = "/api/v2/tickets.json";
const fiftyMegabytes = 50_000_000;
/** @type {Fault} */
const redirect = { kind: "redirect", location: "http://evil.example/" };

/** @type {[string, Fault, number, string, string?][]} */
const refusals = [
  ["429 with Retry-After", { kind: "status", status: 429, retryAfter: 7 }, 503, "rate_limited", "7"],
  ["429 without Retry-After", { kind: "status", status: 429 }, 503, "rate_limited"],
  ["500", { kind: "status", status: 500 }, 503, "zendesk_unavailable"],
  ["HTML", { kind: "html" }, 502, "token_response_malformed"],
  ["truncated JSON", { kind: "truncated" }, 502, "token_response_malformed"],
  ["a redirect to another host", redirect, 502, "unexpected_redirect"],
  ["a body of 50 MB", { kind: "huge", bytes: fiftyMegabytes }, 502, "token_response_too_large"],
  ["a slow trickle", { kind: "slow", stepMilliseconds: 500 }, 504, "zendesk_timeout"],
  ["a hang", { kind: "hang" }, 504, "zendesk_timeout"],
];
for (const [name, fault, status, code, retryAfter] of refusals) {
  test(`an authorization before ${name} fails with the right code, and nothing is connected`, async () => {
    const { subject, user } = here.person();
    const bearer = await session(here.url, { role: "user", subject });
    const exchange = () => ({
      profile: here.profile,
      ...here.standIn.consent(user),
      subdomain: "acme",
      redirectUri: HAND_OFF,
    });
    here.fault("token", fault);
    const since = performance.now();
    const refused = await here.ask("POST", "/oauth/exchange", { bearer, json: exchange() });
    assert.ok(performance.now() - since < 15_000);
    assert.deepEqual([refused.status, refused.json.code], [status, code], refused.text);
    assert.equal(refused.headers.get("retry-after"), retryAfter ?? null);
    assert.deepEqual((await here.ask("GET", "/connections", { bearer })).json, { connections: [] });
    here.mend();
    const again = await here.ask("POST", "/oauth/exchange", { bearer, json: exchange() });
    assert.deepEqual([again.status, again.json.user?.id], [201, user]);
    assert.deepEqual(here.elsewhere(), []);
    await here.assertSilent();
  });
}

/** @type {[string, Fault, (connected: any) => void][]} */
const grants = [
  [
    "no expires_in",
    { kind: "omit", fields: ["expires_in"] },
    ({ expiresAt }) => {
      const left = Date.parse(expiresAt) - (Date.now() + here.standIn.clock.ahead);
      assert.ok(left > 29 * 60_000 && left < 31 * 60_000, `${left}`);
    },
  ],
  [
    "a narrower scope",
    { kind: "scope", scope: "read" },
    ({ scopes }) => assert.deepEqual(scopes, { requested: ["read", "write"], granted: ["read"], missing: ["write"] }),
  ],
  ["a JWT", { kind: "jwt" }, ({ status }) => assert.equal(status, "active")],
];
for (const [name, fault, check] of grants) {
  test(`an authorization that brings ${name} connects`, async () => {
    here.fault("token", fault);
    const connection = await here.connected();
    check(await connection.shown());
    connection.works(await connection.credentials());
    await here.assertSilent();
  });
}

test("calls of the API get Zendesk's own 429, 500, HTML and half JSON, with their headers", async () => {
  const connection = await here.connected();
  here.fault("api", { kind: "status", status: 429, retryAfter: 7, headers: { "x-rate-limit-remaining": "0" } });
  const limited = await connection.proxy(tickets);
  assert.deepEqual(
    ["retry-after", "x-rate-limit-remaining", "content-type"].map((name) => limited.headers.get(name)),
    ["7", "0", "text/plain; charset=utf-8"],
  );
  assert.equal(limited.status, 429);
  here.fault("api", { kind: "status", status: 429 });
  const silent = await connection.proxy(tickets);
  assert.deepEqual([silent.status, silent.headers.get("retry-after")], [429, null]);
  here.fault("api", { kind: "status", status: 500 });
  assert.deepEqual([(await connection.proxy(tickets)).status, connection.refreshes()], [500, 0]);
  here.fault("api", { kind: "html" });
  assert.match((await connection.proxy(tickets)).text, /^<!doctype html>/);
  here.fault("api", { kind: "truncated", times: 1 });
  const half = await connection.proxy(`${tickets}?half`).catch((error) => error);
  assert.ok(half instanceof Error && half.name === "SyntaxError", `half of a document: ${half}`);
  assert.ok((await connection.proxy(tickets)).json.tickets.length > 0);
  await here.assertSilent();
});

test("a redirect of the API is refused, and its token goes nowhere", async () => {
  const connection = await here.connected();
  here.fault("api", redirect);
  const refused = await connection.proxy(tickets);
  assert.deepEqual([refused.status, refused.json.code], [502, "unexpected_redirect"]);
  assert.equal(refused.headers.get("location"), null);
  assert.deepEqual(here.elsewhere(), []);
  await here.assertSilent();
});

test("50 MB and a trickle of the API stream through, and a hang ends with the caller", {
  timeout: 60_000,
}, async () => {
  const connection = await here.connected();
  const path = `${here.url}/connections/${connection.id}/proxy${tickets}`;
  const get = (/** @type {AbortSignal} */ signal) => fetch(path, { headers: here.asBackend, signal });
  here.fault("api", { kind: "huge", bytes: fiftyMegabytes, times: 1 });
  assert.equal((await (await get(AbortSignal.timeout(30_000))).arrayBuffer()).byteLength, fiftyMegabytes);

  here.fault("api", { kind: "slow", bytesPerStep: 40, stepMilliseconds: 200, times: 1 });
  const trickle = await get(AbortSignal.timeout(30_000));
  let pieces = 0;
  for await (const _ of /** @type {any} */ (trickle.body)) pieces++;
  assert.ok(pieces > 2, `it came in ${pieces} pieces`);

  here.fault("api", { kind: "hang" });
  const since = performance.now();
  await assert.rejects(get(AbortSignal.timeout(1_000)), { name: "TimeoutError" });
  assert.ok(performance.now() - since < 5_000);
  here.mend();
  assert.equal((await connection.proxy(tickets)).status, 200);
});

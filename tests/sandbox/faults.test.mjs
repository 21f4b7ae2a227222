import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { startSandbox } from "../../www/sandbox/index.js";
import { ask, askForToken, authorizePath, bearer, exchangeOf, newCode, newToken } from "./support.mjs";

const ME = "/api/v2/users/me.json";
const CURRENT = "/api/v2/oauth/tokens/current.json";
const TICKETS = "/api/v2/tickets.json";

/** @type {import("../../www/sandbox/index.js").Sandbox} */
let sandbox;
before(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.faults.clear());
after(() => sandbox.close());

test("each target has its own fault, until it is cleared", async () => {
  const { access_token } = await newToken(sandbox);
  const paths = /** @type {const} */ ({ me: ME, current: CURRENT, api: TICKETS });
  for (const target of /** @type {const} */ (["me", "current", "api"])) {
    sandbox.faults.set(target, { kind: "status", status: 500 });
    for (const [name, path] of Object.entries(paths)) {
      for (let time = 0; time < 2; time += 1) {
        const { status } = await ask(sandbox, "acme", path, bearer(access_token));
        assert.equal(status, name === target ? 500 : 200, `${name} under a fault of ${target}`);
      }
    }
    sandbox.faults.clear(target);
    assert.equal((await ask(sandbox, "acme", paths[target], bearer(access_token))).status, 200);
  }
});

test("a fault can be for one request, and for one method", async () => {
  const { access_token } = await newToken(sandbox);
  sandbox.faults.set("current", { kind: "status", status: 204, method: "DELETE", times: 1 });
  assert.equal((await ask(sandbox, "acme", CURRENT, bearer(access_token))).status, 200);
  const pretended = await ask(sandbox, "acme", CURRENT, { method: "DELETE", ...bearer(access_token) });
  assert.equal(pretended.status, 204);
  assert.equal((await ask(sandbox, "acme", ME, bearer(access_token))).status, 200, "nothing was revoked");
  await ask(sandbox, "acme", CURRENT, { method: "DELETE", ...bearer(access_token) });
  assert.equal((await ask(sandbox, "acme", ME, bearer(access_token))).status, 401);
});

test("429 with and without Retry-After, as plain text; the code is not spent", async () => {
  const exchange = exchangeOf(await newCode(sandbox));
  sandbox.faults.set("token", { kind: "status", status: 429, retryAfter: 7, times: 1 });
  const limited = await askForToken(sandbox, exchange);
  assert.equal(limited.status, 429);
  assert.equal(limited.headers["retry-after"], "7");
  assert.match(String(limited.headers["content-type"]), /^text\/plain/);
  sandbox.faults.set("token", { kind: "status", status: 429, times: 1 });
  assert.equal((await askForToken(sandbox, exchange)).headers["retry-after"], undefined);
  assert.equal((await askForToken(sandbox, exchange)).status, 200);
});

test("any status, type and body can be had", async () => {
  const body = '{"error":"odd_code"}';
  sandbox.faults.set("token", {
    kind: "status",
    status: 418,
    body,
    contentType: "application/json",
    headers: { "x-odd": "1" },
  });
  const answer = await askForToken(sandbox, {});
  assert.equal(answer.status, 418);
  assert.equal(answer.text, body);
  assert.equal(answer.headers["x-odd"], "1");
});

test("a status can come after the request took effect", async () => {
  const exchange = exchangeOf(await newCode(sandbox));
  sandbox.faults.set("token", { kind: "status", status: 502, afterwards: true, times: 1 });
  assert.equal((await askForToken(sandbox, exchange)).status, 502);
  assert.equal((await askForToken(sandbox, exchange)).json.error, "invalid_grant");
});

test("an HTML body", async () => {
  sandbox.faults.set("me", { kind: "html" });
  const answer = await ask(sandbox, "acme", ME);
  assert.equal(answer.status, 200);
  assert.match(String(answer.headers["content-type"]), /^text\/html/);
  assert.equal(answer.json, undefined);
});

test("truncated JSON, after the request took effect", async () => {
  const exchange = exchangeOf(await newCode(sandbox));
  sandbox.faults.set("token", { kind: "truncated", times: 1 });
  const answer = await askForToken(sandbox, exchange);
  assert.equal(answer.status, 200);
  assert.match(answer.text, /^\{"access_token"/);
  assert.equal(answer.json, undefined);
  assert.equal((await askForToken(sandbox, exchange)).json.error, "invalid_grant");
});

test("a redirect to anywhere", async () => {
  for (const status of /** @type {const} */ ([302, 307])) {
    sandbox.faults.set("token", { kind: "redirect", location: "https://evil.example/steal", status });
    const answer = await askForToken(sandbox, {});
    assert.equal(answer.status, status);
    assert.equal(answer.headers.location, "https://evil.example/steal");
  }
});

test("a huge body is as long as asked, and is JSON", async () => {
  sandbox.faults.set("token", { kind: "huge", bytes: 3_000_000 });
  const answer = await askForToken(sandbox, {});
  assert.equal(answer.text.length, 3_000_000);
  assert.equal(typeof answer.json.access_token, "string");
});

test("a slow answer arrives in pieces, whole", async () => {
  const { access_token } = await newToken(sandbox);
  sandbox.faults.set("me", { kind: "slow", bytesPerStep: 40, stepMilliseconds: 20 });
  const start = performance.now();
  const answer = await ask(sandbox, "acme", ME, bearer(access_token));
  assert.equal(answer.json.user.id, 1001);
  assert.ok(performance.now() - start >= 60);
});

test("a late answer waits, whole, after the request took effect", async () => {
  const exchange = exchangeOf(await newCode(sandbox));
  let release = () => {};
  const until = new Promise((resolve) => {
    release = () => resolve(undefined);
  });
  sandbox.faults.set("token", { kind: "late", milliseconds: 20, until, times: 1 });
  let isAnswered = false;
  const late = askForToken(sandbox, exchange).then((answer) => {
    isAnswered = true;
    return answer;
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.deepEqual([sandbox.requests.at(-1)?.url, sandbox.requests.at(-1)?.status], ["/oauth/tokens", null]);
  assert.equal(isAnswered, false);
  release();
  assert.equal((await late).status, 200);
  assert.equal((await askForToken(sandbox, exchange)).json.error, "invalid_grant");
});

test("it counts what of an answer was sent", async () => {
  sandbox.faults.set("me", { kind: "huge", bytes: 1_000_000, times: 1 });
  await ask(sandbox, "acme", ME);
  const sent = async () => {
    for (let tries = 0; sandbox.requests.at(-1)?.sent == null && tries < 200; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return sandbox.requests.at(-1)?.sent ?? 0;
  };
  const whole = await sent();
  assert.ok(whole > 1_000_000 && whole < 1_100_000, `${whole}`);
  await ask(sandbox, "acme", ME);
  assert.ok((await sent()) < 2_000);
});

test("a hanging answer never comes, and does not keep the stand-in from closing", async () => {
  const hanging = await startSandbox();
  hanging.faults.set("me", { kind: "hang" });
  const answer = assert.rejects(ask(hanging, "acme", ME), /hang up|ECONNRESET|aborted/);
  for (let tries = 0; hanging.requests.length === 0 && tries < 2_000; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await hanging.close();
  await answer;
});

test("a connection that breaks before, or after the request took effect", async () => {
  const exchange = exchangeOf(await newCode(sandbox));
  sandbox.faults.set("token", { kind: "drop", times: 1 });
  await assert.rejects(askForToken(sandbox, exchange), /hang up|ECONNRESET/);
  sandbox.faults.set("token", { kind: "lost", times: 1 });
  await assert.rejects(askForToken(sandbox, exchange), /hang up|ECONNRESET/);
  assert.equal((await askForToken(sandbox, exchange)).json.error, "invalid_grant");
});

test("fields can be left out, expires_in and refresh_token among them", async () => {
  sandbox.faults.set("token", { kind: "omit", fields: ["expires_in", "refresh_token"] });
  const { json } = await askForToken(sandbox, exchangeOf(await newCode(sandbox), { expires_in: 900 }));
  assert.deepEqual(Object.keys(json).sort(), ["access_token", "refresh_token_expires_in", "scope", "token_type"]);
});

test("a narrower scope is granted, and is all that the token has", async () => {
  sandbox.faults.set("token", { kind: "scope", scope: "read", times: 1 });
  const { json } = await askForToken(
    sandbox,
    exchangeOf(await newCode(sandbox, { parameters: { scope: "read write" } })),
  );
  assert.equal(json.scope, "read");
  const { token } = (await ask(sandbox, "acme", CURRENT, bearer(json.access_token))).json;
  assert.deepEqual(token.scopes, ["read"]);
});

test("a token can come as a JWT, and works", async () => {
  sandbox.faults.set("token", { kind: "jwt", times: 1 });
  const { access_token } = (await askForToken(sandbox, exchangeOf(await newCode(sandbox)))).json;
  assert.equal(access_token.split(".").length, 3);
  assert.equal((await ask(sandbox, "acme", ME, bearer(access_token))).json.user.id, 1001);
});

test("the authorization pages can fail too", async () => {
  sandbox.faults.set("authorize", { kind: "status", status: 503, times: 1 });
  assert.equal((await ask(sandbox, "acme", authorizePath())).status, 503);
  assert.equal((await ask(sandbox, "acme", authorizePath())).status, 302);
});

// What an admin may save must neither hold the worker up nor outgrow what a browser keeps.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createEdge } from "zendesk-auth/edge";
import { ADMIN_KEY, caller, configuration, form, HAND_OFF } from "./support.mjs";

/** @param {number} length */
function scopes(length) {
  const all = Array.from({ length: length / 4 }, (_, index) => index.toString(36).padStart(3, "_"));
  return all.join(" ");
}

/** @param {object} who @param {Partial<import("zendesk-auth/edge").EdgeConfig>} options */
async function admin(who = {}, options = {}) {
  const call = caller(createEdge({ ...configuration(), ...options }));
  const { session } = (await call("POST", "/sessions", { bearer: ADMIN_KEY, json: { role: "admin", ...who } })).json;
  return { call, bearer: session };
}

/** A hand-off whose code is redeemed by this. @param {() => Promise<Response>} fetch */
async function handOff(fetch) {
  const { call, bearer } = await admin({}, { fetch });
  const profile = (await call("POST", "/profiles", { bearer, json: form() })).json.id;
  const json = { profile, code: "c", codeVerifier: "v".repeat(43), subdomain: "acme", redirectUri: HAND_OFF };
  return call("POST", "/oauth/exchange", { bearer, json });
}

test("a list of scopes as long as a body is refused at once", async () => {
  const { call, bearer } = await admin();
  const begun = performance.now();
  const answer = await call("POST", "/profiles", { bearer, json: form({ scope: scopes(60_000) }) });
  assert.equal(answer.status, 422);
  assert.deepEqual(
    answer.json.problems.map((/** @type {any} */ { field, code }) => [field, code]),
    [["scope", "field_too_long"]],
  );
  assert.ok(performance.now() - begun < 1_000, `${performance.now() - begun} ms`);
});

test("the cookie of the longest of everything is one that browsers keep", async () => {
  const { call, bearer } = await admin({ tenant: "t".repeat(64) });
  const json = form({ subdomain: "a".repeat(63), scope: scopes(1_000) });
  const profile = (await call("POST", "/profiles", { bearer, json })).json;
  const returnTo = `http://localhost:8787/?${"x".repeat(1_001)}`;
  const begun = await call("POST", "/connections", {
    bearer,
    json: { profile: profile.id, mode: "redirect", returnTo },
  });
  assert.equal(begun.status, 200, begun.text);
  const [cookie = ""] = begun.headers.getSetCookie();
  const [pair = ""] = cookie.split(";");
  assert.ok(pair.length > 3_000 && pair.length <= 4_096, `${pair.length} characters`);
});

test("what Zendesk's answer announces of its length lets no more of it in", async () => {
  const packed = { "content-encoding": "gzip" };
  const text = JSON.stringify({ access_token: "a", more: "x".repeat(70_000) });
  /** @type {[string, Record<string, string>, string][]} */
  const answers = [
    ["nothing announced", {}, text],
    ["the truth", { "content-length": String(text.length) }, text],
    ["less than there is", { "content-length": "20" }, text],
    ["the length of what was packed", { "content-length": "100", ...packed }, text],
  ];
  for (const [what, headers, body] of answers) {
    const fetch = async () => new Response(body, { headers: { "content-type": "application/json", ...headers } });
    const answer = await handOff(fetch);
    assert.equal(answer.json.code, "token_response_too_large", what);
  }
});

test("a length that is no number announces nothing: no more is read than the limit allows", async () => {
  for (const announced of ["", "-1", "1e3", "0x10"]) {
    let read = 0;
    const endless = new ReadableStream({
      pull(controller) {
        read += 16_384;
        if (read > 4_000_000) controller.close();
        else controller.enqueue(new Uint8Array(16_384).fill(32));
      },
    });
    const headers = { "content-type": "application/json", "content-length": announced };
    const fetch = async () => new Response(endless, { headers });
    const answer = await handOff(fetch);
    assert.equal(answer.json.code, "token_response_too_large", announced);
    assert.ok(read < 200_000, `"${announced}": ${read} bytes read`);
  }
});

test("a request's body is held to the limit, whether or not it announces its length", async () => {
  const { call, bearer } = await admin();
  const json = form({ name: "x".repeat(70_000) });
  for (const announced of [[], [["content-length", String(JSON.stringify(json).length)]]]) {
    const answer = await call("POST", "/profiles", { bearer, json, headers: Object.fromEntries(announced) });
    assert.equal(answer.status, 413, answer.text);
  }
  const small = form();
  const announced = { "content-length": String(JSON.stringify(small).length) };
  assert.equal((await call("POST", "/profiles", { bearer, json: small, headers: announced })).status, 201);
});

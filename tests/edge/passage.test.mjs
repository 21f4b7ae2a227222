// What passes through the proxy between a caller and a Zendesk that does not behave.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { createEdge, isZendeskAuthError } from "zendesk-auth/edge";
import { ADMIN_KEY, caller, configuration } from "./support.mjs";

const minute = 60_000;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** @param {(init: RequestInit) => Promise<Response>} upload What Zendesk does with a call; everything else it answers. */
async function connected(upload) {
  const user = JSON.stringify({ user: { id: 1, name: "Ada", email: "ada@acme.example" } });
  const fetch = /** @type {any} */ (
    async (/** @type {string} */ url, /** @type {RequestInit} */ init) =>
      url.endsWith("/users/me.json") ? new Response(user) : upload(init)
  );
  const edge = createEdge({ ...configuration(), fetch });
  const call = caller(edge);
  const { session } = (await call("POST", "/sessions", { bearer: ADMIN_KEY, json: { role: "admin" } })).json;
  const json = { subdomain: "acme", email: "ada@acme.example", apiToken: "api-token-of-the-test" };
  const { id } = (await call("POST", "/connections", { bearer: session, json })).json;
  return edge.connection(id);
}

/** A body too long to be kept, whose last part is there when it is let go. */
function long() {
  let letGo = () => {};
  const last = new Promise((resolve) => {
    letGo = () => resolve(undefined);
  });
  const parts = [70_000, 10];
  const body = new ReadableStream({
    async pull(controller) {
      const length = parts.shift();
      if (length === undefined) return controller.close();
      if (parts.length === 0) await last;
      controller.enqueue(new Uint8Array(length));
    },
  });
  return { init: /** @type {any} */ ({ method: "POST", body, duplex: "half" }), letGo };
}

test("a Zendesk that stops to read a long body is not waited for for ever", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    /** @type {RequestInit | undefined} */
    let sent;
    const { fetch } = await connected((init) => {
      sent = init;
      return new Promise(() => {});
    });
    const { init } = long();
    const reply = fetch("/api/v2/uploads.json", init);
    while (!sent) await turn();
    await turn();
    mock.timers.tick(minute);
    const refused = assert.rejects(
      reply,
      (error) => isZendeskAuthError(error) && error.code === "zendesk_timeout" && error.status === 504,
    );
    await Promise.race([
      refused,
      turn()
        .then(turn)
        .then(() => assert.fail("still waiting")),
    ]);
    assert.ok(sent.signal?.aborted);
  } finally {
    mock.timers.reset();
  }
});

test("a long body that moves on may take its time", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    /** @type {RequestInit | undefined} */
    let sent;
    const { fetch } = await connected(async (init) => {
      sent = init;
      return new Response(String((await new Response(init.body).arrayBuffer()).byteLength));
    });
    const { init, letGo } = long();
    const reply = fetch("/api/v2/uploads.json", init);
    while (!sent) await turn();
    for (let waited = 0; waited < 3; waited++) {
      await turn();
      mock.timers.tick(minute * 0.9);
      if (waited === 0) letGo();
    }
    assert.equal(await (await reply).text(), "70010");
  } finally {
    mock.timers.reset();
  }
});

test("an answer that came before the end of the body is not cut off after it", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    /** @type {Promise<ArrayBuffer> | undefined} */
    let taken;
    /** @type {AbortSignal | null | undefined} */
    let signal;
    const { fetch } = await connected(async (init) => {
      taken = new Response(init.body).arrayBuffer();
      signal = init.signal;
      return new Response(new ReadableStream({ pull: () => new Promise(() => {}) }));
    });
    const { init, letGo } = long();
    assert.equal((await fetch("/api/v2/uploads.json", init)).status, 200);
    letGo();
    assert.equal((await taken)?.byteLength, 70_010);
    await turn();
    mock.timers.tick(2 * minute);
    assert.equal(signal?.aborted, false);
  } finally {
    mock.timers.reset();
  }
});

test("a Retry-After that is a date counts as the seconds until then", async () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  /** @type {[Record<string, string>, number | undefined][]} */
  const said = [
    [{ "retry-after": "Mon, 23 Nov 2026 12:00:40 GMT" }, 40],
    // Its own clock is what it means.
    [{ "retry-after": "Mon, 23 Nov 2026 12:00:40 GMT", date: "Mon, 23 Nov 2026 12:00:10 GMT" }, 30],
    [{ "retry-after": "Mon, 23 Nov 2026 11:00:00 GMT" }, 0],
    [{ "retry-after": "99999999999999999999" }, 4_294_967_295],
    [{ "retry-after": "17" }, 17],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "-5" }, undefined],
    [{}, undefined],
  ];
  for (const [headers, seconds] of said) {
    const fetch = /** @type {any} */ (async () => new Response("slow down", { status: 429, headers }));
    const edge = createEdge({ ...configuration(), fetch, now: () => now });
    const call = caller(edge);
    const { session } = (await call("POST", "/sessions", { bearer: ADMIN_KEY, json: { role: "admin" } })).json;
    const json = { subdomain: "acme", email: "ada@acme.example", apiToken: "api-token-of-the-test" };
    const refused = await call("POST", "/connections", { bearer: session, json });
    assert.deepEqual([refused.json.code, refused.json.retryAfter], ["rate_limited", seconds], JSON.stringify(headers));
  }
});

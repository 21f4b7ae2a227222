import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createEdge, isZendeskAuthError } from "zendesk-auth/edge";
import { memoryStore } from "zendesk-auth/stores/memory";
import { ADMIN_KEY, caller, configuration, form } from "./support.mjs";

/** @param {unknown} config */
function problemsOf(config) {
  try {
    createEdge(/** @type {any} */ (config));
  } catch (error) {
    assert.ok(isZendeskAuthError(error));
    assert.equal(error.code, "configuration_invalid");
    assert.ok(error.problems);
    for (const { field, message } of error.problems) assert.ok(error.message.includes(`${field}: ${message}`));
    return error.problems.map(({ field }) => field).sort();
  }
  return [];
}

test("every problem of the configuration is in one error", () => {
  assert.deepEqual(problemsOf(configuration()), []);
  for (const nothing of [undefined, null, {}, 5]) {
    assert.deepEqual(problemsOf(nothing), ["adminKey", "publicUrl", "sealingKeys", "store"]);
  }
  const wrong = {
    ...configuration(),
    publicUrl: () => "https://app.example",
    adminKey: 10n,
    store: { get() {}, put() {} },
    fetch: "fetch",
    now: 5,
    onEvent: {},
    redirectUrls: [],
    product: Symbol("x"),
  };
  assert.deepEqual(problemsOf(wrong), [
    "adminKey",
    "fetch",
    "now",
    "onEvent",
    "product",
    "publicUrl",
    "redirectUrls",
    "store",
  ]);
});

test("no problem repeats a value", () => {
  const secret = "a secret pasted into the wrong place";
  const config = {
    ...configuration(),
    adminKey: secret,
    sealingKeys: [{ kid: secret, key: secret }],
    product: [secret],
  };
  assert.throws(
    () => createEdge(/** @type {any} */ (config)),
    (error) => !JSON.stringify(error).includes(secret) && !String(error).includes(secret),
  );
});

/** @param {Partial<import("zendesk-auth/edge").EdgeConfig>} options */
async function started(options) {
  /** @type {any[]} */
  const events = [];
  const edge = createEdge({ ...configuration(), onEvent: (event) => void events.push(event), ...options });
  const call = caller(edge);
  const { json } = await call("POST", "/sessions", { bearer: ADMIN_KEY, json: { role: "admin" } });
  return { edge, call, bearer: json.session, events };
}

/** @param {Partial<import("zendesk-auth/edge").EdgeConfig>} options */
async function handOff(options) {
  const here = await started(options);
  const { json } = await here.call("POST", "/profiles", { bearer: here.bearer, json: form() });
  const reply = here.call("POST", "/oauth/exchange", {
    bearer: here.bearer,
    json: {
      profile: json.id,
      code: "the-code",
      codeVerifier: "v".repeat(43),
      subdomain: "acme",
      redirectUri: "http://localhost:8787/console/callback",
    },
  });
  return { ...here, reply };
}

test("what a store throws is the operator's to read, and nobody else's", async () => {
  const failing = [
    () => Promise.reject(new Error("connect ECONNREFUSED db.internal")),
    () => {
      throw new TypeError("store is not ready");
    },
    () => Promise.reject("just a text"),
    () => Promise.resolve(/** @type {any} */ ({ value: 5, version: "1" })),
  ];
  const messages = ["connect ECONNREFUSED db.internal", "store is not ready", "just a text", "not a string"];
  for (const [index, get] of failing.entries()) {
    const { call, bearer, events } = await started({ store: { ...memoryStore(), get } });
    const reply = await call("GET", "/profiles/x", { bearer });
    assert.equal(reply.status, 503);
    assert.equal(reply.json.code, "store_unavailable");
    assert.ok(!reply.text.includes(messages[index] ?? ""));
    assert.equal(events.at(-1).type, "platform.failed");
    assert.equal(events.at(-1).operation, "store");
    assert.ok(events.at(-1).message.includes(messages[index]));
  }
});

test("a store may answer null for nothing, and must answer put with a version", async () => {
  const store = memoryStore();
  const nulls = { ...store, get: async (/** @type {string} */ key) => (await store.get(key)) ?? null };
  const lenient = await started({ store: /** @type {any} */ (nulls) });
  const missing = await lenient.call("GET", "/profiles/x", { bearer: lenient.bearer });
  assert.equal(missing.json.code, "profile_not_found");
  const odd = { ...store, put: async () => /** @type {any} */ (true) };
  const { call, bearer } = await started({ store: odd });
  assert.equal((await call("POST", "/profiles", { bearer, json: form() })).json.code, "store_unavailable");
});

test("a fetch that throws is an account that cannot be reached", async () => {
  const { reply, events } = await handOff({ fetch: () => Promise.reject(new TypeError("getaddrinfo ENOTFOUND acme")) });
  const { status, json, text } = await reply;
  assert.equal(status, 502);
  assert.equal(json.code, "zendesk_unreachable");
  assert.ok(!text.includes("ENOTFOUND"));
  assert.deepEqual(
    events.slice(-2).map(({ type, message, code }) => message ?? code ?? type),
    ["getaddrinfo ENOTFOUND acme", "zendesk_unreachable"],
  );
});

test("whatever a store or a fetch comes up with is answered, and traps nothing", async () => {
  const store = memoryStore();
  const numbered = { ...store, list: async () => /** @type {any} */ ({ entries: [], cursor: 7 }) };
  const { call, bearer } = await started({ store: numbered });
  const listed = await call("GET", "/connections", { bearer });
  assert.equal(listed.status, 200);
  assert.equal(listed.json.cursor, "7");

  const noText = Object.create(null);
  const oddMessage = Object.assign(new Error("x"), { message: { toString: null, valueOf: null } });
  for (const thrown of [noText, oddMessage, Symbol("thrown"), undefined]) {
    const { reply } = await handOff({ fetch: () => Promise.reject(thrown) });
    assert.equal((await reply).json.code, "zendesk_unreachable");
  }
  const oddHeaders = { status: 429, type: "basic", body: null, headers: { get: () => 5 } };
  const { reply } = await handOff({ fetch: async () => /** @type {any} */ (oddHeaders) });
  assert.equal((await reply).json.code, "rate_limited");
});

/** Lets time pass for timers and for the clock that goes on by itself. */
function fakeTime() {
  mock.timers.enable({ apis: ["setTimeout"] });
  let now = performance.now();
  const clock = mock.method(performance, "now", () => now);
  return {
    /** @param {number} milliseconds */
    async pass(milliseconds) {
      await new Promise((resolve) => setImmediate(resolve));
      now += milliseconds;
      mock.timers.tick(milliseconds);
      await new Promise((resolve) => setImmediate(resolve));
    },
    reset() {
      mock.timers.reset();
      clock.mock.restore();
    },
  };
}

test("nobody waits for a fetch that never answers", async () => {
  const time = fakeTime();
  try {
    for (const stuck of [
      () => new Promise(() => {}),
      () => Promise.resolve(new Response(new ReadableStream({ pull: () => new Promise(() => {}) }))),
    ]) {
      let isCalled = () => {};
      const called = new Promise((resolve) => {
        isCalled = () => resolve(undefined);
      });
      const { reply } = await handOff({
        fetch: /** @type {any} */ (
          () => {
            isCalled();
            return stuck();
          }
        ),
      });
      await called;
      await time.pass(10_000);
      const { status, json } = await reply;
      assert.equal(status, 504);
      assert.equal(json.code, "zendesk_timeout");
    }
  } finally {
    time.reset();
  }
});

test("each fetch has its ten seconds, also where another one of its request took some", async () => {
  const time = fakeTime();
  try {
    /** @type {string[]} */
    const asked = [];
    const { reply } = await handOff({
      fetch: async (input) => {
        const { pathname } = new URL(String(input));
        asked.push(pathname);
        if (pathname !== "/oauth/tokens") return new Promise(() => {});
        await new Promise((resolve) => setTimeout(resolve, 6000));
        return Response.json({ access_token: "a-token", token_type: "bearer", expires_in: 1800 });
      },
    });
    let isOver = false;
    const over = reply.then((answer) => {
      isOver = true;
      return answer;
    });
    await time.pass(6000);
    const [user, current] = ["/api/v2/users/me.json", "/api/v2/oauth/tokens/current.json"];
    assert.deepEqual([...asked].sort(), [current, user, "/oauth/tokens"].sort());
    await time.pass(9999);
    assert.equal(asked.length, 3);
    await time.pass(1);
    // Who it is was asked once more.
    assert.equal(asked.length, 4);
    await time.pass(9999);
    assert.equal(isOver, false);
    await time.pass(1);
    assert.equal((await over).json.code, "zendesk_timeout");
  } finally {
    time.reset();
  }
});

test("an answer without end is not read to its end", async () => {
  let read = 0;
  let isCancelled = false;
  const endless = new ReadableStream({
    pull(controller) {
      read += 16_384;
      controller.enqueue(new Uint8Array(16_384));
    },
    cancel() {
      isCancelled = true;
    },
  });
  const { reply } = await handOff({ fetch: async () => new Response(endless) });
  assert.equal((await reply).json.code, "token_response_too_large");
  assert.ok(read < 200_000 && isCancelled);
});

test("a request goes out without redirects, with a signal, and through a plain function call", async () => {
  /** @type {any[]} */
  const seen = [];
  const { reply } = await handOff({
    /** @this {unknown} */
    fetch: /** @type {any} */ (
      async function (/** @type {any} */ ...call) {
        // @ts-expect-error: a strict function called plainly has no `this`
        seen.push([this, ...call]);
        return new Response("", { status: 500 });
      }
    ),
  });
  assert.equal((await reply).json.code, "zendesk_unavailable");
  const [[self, url, init]] = seen;
  assert.equal(self, undefined);
  assert.equal(url, "https://acme.zendesk.com/oauth/tokens");
  assert.equal(init.redirect, "manual");
  assert.equal(init.method, "POST");
  assert.ok(init.signal instanceof AbortSignal);
  assert.equal(JSON.parse(init.body).code, "the-code");
});

test("a redirect whose status the runtime hides is refused too", async () => {
  const opaque = Object.defineProperty(Response.error(), "type", { value: "opaqueredirect" });
  const { reply } = await handOff({ fetch: async () => opaque });
  assert.equal((await reply).json.code, "unexpected_redirect");
});

test("a hook that fails disturbs nothing, and the runtime may wait for it", async () => {
  for (const onEvent of [
    () => {
      throw new Error("no");
    },
    () => Promise.reject(new Error("no")),
  ]) {
    const edge = createEdge({ ...configuration(), onEvent });
    /** @type {Promise<unknown>[]} */
    const waited = [];
    const headers = { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/json" };
    const request = new Request("http://localhost:8787/sessions", {
      method: "POST",
      headers,
      body: '{"role":"admin"}',
    });
    const reply = await edge.fetch(request, { waitUntil: (work) => void waited.push(work) });
    assert.equal(reply.status, 201);
    assert.equal(waited.length, 2, "the work on the answer, and the hook");
    await Promise.all(waited);
  }
});

test("bodies are read to their limit and no further", async () => {
  const { edge } = await started({});
  let read = 0;
  const endless = new ReadableStream({
    pull(controller) {
      read += 16_384;
      controller.enqueue(new Uint8Array(16_384).fill(32));
    },
  });
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/json" };
  const request = new Request("http://localhost:8787/sessions", {
    method: "POST",
    headers,
    body: endless,
    ...{ duplex: "half" },
  });
  const reply = await edge.fetch(request);
  assert.equal(reply.status, 413);
  assert.ok(read < 200_000);
});

test("a body that breaks off is answered, not thrown", async () => {
  const { edge } = await started({});
  const broken = new ReadableStream({ start: (controller) => controller.error(new Error("the client went away")) });
  const request = new Request("http://localhost:8787/sessions", {
    method: "POST",
    body: broken,
    ...{ duplex: "half" },
  });
  const reply = await edge.fetch(request);
  assert.equal(reply.status, 400);
  assert.equal((await reply.json()).code, "body_invalid");
  assert.equal(reply.headers.get("cache-control"), "no-store");
});

test("odd addresses and methods are answered, not thrown", async () => {
  const { edge } = await started({});
  const odd = `/healthz^{}|%zz?${"x".repeat(70_000)}`;
  for (const path of ["/", "/nowhere", "/healthz^", "/healthz%", odd, "/%00", "/ä"]) {
    const reply = await edge.fetch(new Request(new URL(path, "http://localhost:8787")));
    assert.equal(reply.status, 404, path);
    assert.equal((await reply.json()).code, "not_found");
  }
  const reply = await edge.fetch(new Request("http://localhost:8787/healthz?a={}|^`<>", { method: "GET" }));
  assert.equal(reply.status, 200);
  assert.equal((await edge.fetch(new Request("http://localhost:8787/healthz", { method: "BREW" }))).status, 405);
});

test("with a clock that does not work everything has expired, rather than nothing", async () => {
  for (const now of [
    () => Number.NaN,
    () => Symbol("no time"),
    () => undefined,
    () => {
      throw new Error("no time");
    },
  ]) {
    const { call, bearer } = await started({ now: /** @type {any} */ (now) });
    assert.equal((await call("GET", "/profiles", { bearer })).json.code, "session_expired");
  }
});

test("a runtime whose context refuses work is no reason to fail", async () => {
  const edge = createEdge({ ...configuration(), onEvent: () => {} });
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/json" };
  const request = new Request("http://localhost:8787/sessions", { method: "POST", headers, body: '{"role":"admin"}' });
  const refuse = () => {
    throw new TypeError("Illegal invocation");
  };
  assert.equal((await edge.fetch(request, { waitUntil: refuse })).status, 201);
});

test("the clock is the one that was given", async () => {
  const now = () => Date.parse("2030-01-02T03:04:05.678Z");
  const { call } = await started({ now });
  const { json } = await call("POST", "/sessions", { bearer: ADMIN_KEY, json: { role: "admin", expiresIn: 60 } });
  assert.equal(json.expiresAt, "2030-01-02T03:05:05.678Z");
});

test("several hundred requests at once do not mix", async () => {
  const { call, bearer } = await started({});
  const replies = await Promise.all(
    Array.from({ length: 300 }, async (_, index) => {
      const saved = await call("POST", "/profiles", { bearer, json: form({ name: `Profile ${index}` }) });
      return (await call("GET", `/profiles/${saved.json.id}`, { bearer })).json.name;
    }),
  );
  assert.deepEqual(
    replies,
    replies.map((_, index) => `Profile ${index}`),
  );
});

test("the product may say itself who is asking", async () => {
  const { adminKey: _, ...config } = configuration();
  /** @type {any[]} */
  const events = [];
  const edge = createEdge({
    ...config,
    onEvent: (event) => void events.push(event),
    authenticate: async (request) => {
      const who = request.headers.get("x-who");
      if (who === "broken") throw new Error("no connection to the user database");
      return who === null ? null : { tenant: "acme-bot", subject: who, role: "user" };
    },
  });
  const call = caller(edge);
  assert.equal((await call("GET", "/connections")).json.code, "authentication_refused");
  const own = await call("GET", "/connections", { headers: { "x-who": "jane" } });
  assert.deepEqual([own.status, own.json], [200, { connections: [] }]);
  assert.equal((await call("GET", "/profiles", { headers: { "x-who": "jane" } })).json.code, "role_insufficient");
  const broken = await call("GET", "/connections", { headers: { "x-who": "broken" } });
  assert.deepEqual([broken.status, broken.json.code], [500, "internal"]);
  assert.deepEqual(
    events.map(({ type, operation, message }) => [type, operation, message]),
    [["platform.failed", "authenticate", "no connection to the user database"]],
  );
  assert.deepEqual(problemsOf({ ...configuration(), authenticate: true }), ["adminKey", "authenticate"]);
  assert.deepEqual(problemsOf({ ...config, authenticate: () => null }), []);
});

test("a hook that forgot the tenant speaks for nobody, and no other site's form switches anything", async () => {
  const { adminKey: _, ...config } = configuration();
  /** @type {any} */
  let who = { role: "admin", tenant: undefined };
  const edge = createEdge({ ...config, authenticate: () => who });
  const call = caller(edge);
  assert.equal((await call("GET", "/connections")).json.code, "internal");
  who = { role: "admin", tenant: null };
  assert.equal((await call("GET", "/connections")).json.code, "internal");
  who = { role: "admin", subject: undefined };
  assert.equal((await call("GET", "/connections")).status, 200);

  for (const path of ["/integration/enable", "/integration/disable"]) {
    for (const type of ["", "application/x-www-form-urlencoded", "text/plain"]) {
      const headers = { origin: "https://evil.example", ...(type && { "content-type": type }) };
      assert.equal((await call("POST", path, { headers })).json.code, "content_type_unsupported");
    }
    const asked = await call("POST", path, { json: {} });
    assert.equal(asked.json.code ?? asked.status, path.endsWith("enable") ? "integration_not_chosen" : 200);
  }
});

test("requests that their runtime has given up do not fill the memory", async () => {
  setFlagsFromString("--expose-gc");
  const collect = /** @type {() => void} */ (runInNewContext("gc"));
  const store = Object.assign(memoryStore(), { get: () => new Promise(() => {}) });
  const { edge, bearer } = await started({ store });
  /** @type {WeakRef<Request>[]} */
  const begun = [];
  const begin = () => {
    const request = new Request("https://app.example/profiles/one", { headers: { authorization: `Bearer ${bearer}` } });
    begun.push(new WeakRef(request));
    edge.fetch(request);
  };
  const alive = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    return begun.filter((request) => request.deref()).length;
  };
  for (let count = 0; count < 100; count++) begin();
  assert.equal(await alive(), 100);
  const later = Date.now() + 25 * 3_600_000;
  const clock = mock.method(Date, "now", () => later);
  try {
    begin();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    clock.mock.restore();
  }
  // The last of them, if its session has not expired.
  assert.ok((await alive()) <= 1);
});

// What only JavaScript can do to the package: other types, lone surrogates, the separators of the boundary's records,
// misspelt options, a transaction from storage, a worker that answers oddly.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import * as api from "zendesk-auth";

/** @typedef {Partial<import("zendesk-auth").ZendeskAuthError>} Expected */

const options = {
  subdomain: "acme",
  clientId: "my_app",
  redirectUri: "https://app.example/callback",
  scope: "read write",
};

/** @param {() => unknown} work @param {string} code @param {Expected} more */
function refuses(work, code, more = {}) {
  assert.throws(work, (/** @type {any} */ error) => isRefusal(error, code, more));
}

/** @param {any} error @param {string} code @param {Expected} more */
function isRefusal(error, code, more = {}) {
  assert.ok(error instanceof Error && error instanceof api.ZendeskAuthError && api.isZendeskAuthError(error));
  assert.equal(error.name, "ZendeskAuthError");
  assert.equal(error.code, code);
  assert.match(error.message, /^[^\n]+[^.\n]$/);
  for (const [member, value] of Object.entries(more)) assert.deepEqual(Reflect.get(error, member), value, member);
  return true;
}

/** A checked callback of an authorization that begins here. */
function checked() {
  const { transaction } = api.beginAuthorization(options);
  const callback = api.checkCallback(`${options.redirectUri}?code=abcdefghi&state=${transaction.state}`, transaction);
  return { transaction, callback };
}

test("lone surrogates are refused like other letters outside of ASCII", () => {
  for (const input of ["\ud800", "ac\udfffme", "acme\ud83c", "https://acme.zendesk.com\ud800/"]) {
    refuses(() => api.parseSubdomain(input), "subdomain_not_ascii");
  }
});

test("the separators of the boundary cannot move one field into another", () => {
  for (const separator of ["\u001e", "\u001f"]) {
    const evil = `x${separator}https://evil.example/${separator}y`;
    refuses(() => api.parseSubdomain(`acme${separator}x`), "subdomain_character");
    refuses(() => api.beginAuthorization({ ...options, redirectUri: evil }), "redirect_uri_invalid");
    refuses(() => api.beginAuthorization({ ...options, scope: `read${separator}write` }), "scope_invalid");
    refuses(() => api.endpoints({ subdomain: "acme", authorizationUrl: evil }), "endpoint_invalid");
    refuses(() => api.endpoints({ subdomain: "acme", accountTemplate: evil }), "account_template_invalid");

    const begun = api.beginAuthorization({ ...options, tenant: evil, profile: evil });
    const query = new URL(begun.authorizationUrl).searchParams;
    assert.equal(query.get("redirect_uri"), options.redirectUri);
    assert.equal(query.get("state"), begun.transaction.state);
    assert.equal(begun.transaction.tenant, evil);

    const { transaction } = api.beginAuthorization(options);
    const url = `${options.redirectUri}?code=abc&state=${transaction.state}`;
    for (const field of ["state", "codeVerifier", "subdomain", "redirectUri"]) {
      refuses(() => api.checkCallback(url, { ...transaction, [field]: evil }), "transaction_invalid");
    }
    refuses(() => api.checkCallback(url, transaction, { tenant: evil }), "callback_other_tenant");
    const moved = { ...transaction, tenant: `default${separator}p${separator}${transaction.redirectUri}` };
    assert.equal(api.checkCallback(url, moved).redirectUri, options.redirectUri);

    const form = api.validateForm("oauth-system", { subdomain: "acme", [`x${separator}subdomain`]: "evil" });
    assert.deepEqual([form.valid, form.values.subdomain], [false, "acme"]);
    assert.deepEqual(
      form.problems.map(({ code }) => code),
      ["field_unknown"],
    );
    const named = api.validateForm("basic", { subdomain: "acme", email: `a${separator}apiToken`, apiToken: "t" });
    assert.equal(named.values.apiToken, "t");
    assert.deepEqual(
      named.problems.map(({ field }) => field),
      ["email"],
    );
  }
});

test("a misspelt option is refused, not ignored", () => {
  const { transaction, callback } = checked();
  const misspelt = /** @type {any} */ ({ redirectURI: "x" });
  const url = `${options.redirectUri}?code=abc&state=${transaction.state}`;
  refuses(() => api.beginAuthorization({ ...options, ...misspelt }), "option_unknown", { field: "redirectURI" });
  refuses(() => api.endpoints({ subdomain: "acme", ...misspelt }), "option_unknown", { field: "redirectURI" });
  refuses(() => api.checkCallback(url, transaction, misspelt), "option_unknown", { field: "redirectURI" });
  refuses(() => api.validateForm("basic", {}, misspelt), "option_unknown", { field: "redirectURI" });
  return assert.rejects(api.exchange("https://worker.example/", callback, misspelt), (error) =>
    isRefusal(error, "option_unknown", { field: "redirectURI" }),
  );
});

test("what is not given is empty, not the word undefined", () => {
  const nothing = /** @type {any} */ (undefined);
  refuses(() => api.parseSubdomain(nothing), "subdomain_empty");
  refuses(() => api.parseScope(nothing), "scope_empty");
  refuses(() => api.beginAuthorization({ ...options, redirectUri: nothing }), "redirect_uri_empty");
  const form = api.validateForm("oauth-custom", { name: nothing, clientId: /** @type {any} */ (null) });
  const missing = form.problems.filter(({ code }) => code === "field_required").map(({ field }) => field);
  assert.deepEqual(missing, ["name", "clientId", "clientSecret"]);
});

test("storage can hold anything in place of a transaction", () => {
  const { transaction } = api.beginAuthorization(options);
  const url = `${options.redirectUri}?code=abc&state=${transaction.state}`;
  const others = [
    undefined,
    null,
    "",
    "x",
    7,
    [],
    {},
    { ...transaction, version: 2 },
    { ...transaction, version: "1" },
  ];
  for (const other of others) refuses(() => api.checkCallback(url, /** @type {any} */ (other)), "transaction_invalid");
  for (const field of ["state", "codeVerifier", "subdomain", "redirectUri"]) {
    const { [field]: _, ...rest } = /** @type {any} */ (transaction);
    refuses(() => api.checkCallback(url, rest), "transaction_invalid");
  }
  for (const createdAt of [undefined, null, Number.NaN, Number.POSITIVE_INFINITY, -1, "yesterday"]) {
    const aged = /** @type {any} */ ({ ...transaction, createdAt });
    assert.throws(() => api.checkCallback(url, aged), api.ZendeskAuthError, String(createdAt));
  }
  const revived = JSON.parse(JSON.stringify(transaction));
  assert.equal(api.checkCallback(url, revived).code, "abc");
});

test("an age or a present that makes no sense never lets a callback live longer", () => {
  const { transaction } = api.beginAuthorization({ ...options, now: 1_000_000 });
  const url = `${options.redirectUri}?code=abc&state=${transaction.state}`;
  for (const maxAge of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e21]) {
    const late = { maxAge, now: 1_000_000 + 3_600_000 };
    refuses(() => api.checkCallback(url, transaction, late), "callback_expired");
  }
  for (const now of [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e21]) {
    refuses(() => api.checkCallback(url, transaction, { now }), "callback_expired");
  }
});

test("state and verifier are long, random and never alike", () => {
  const made = Array.from({ length: 200 }, () => [api.createState(), api.createPkce().codeVerifier]).flat();
  const begun = Array.from({ length: 100 }, () => api.beginAuthorization(options).transaction);
  made.push(...begun.flatMap(({ state, codeVerifier }) => [state, codeVerifier]));
  assert.equal(new Set(made).size, 600);
  for (const token of made) assert.match(token, /^[A-Za-z0-9_-]{43}$/);
});

test("random bytes that were drawn ahead are used once, and not after a second", () => {
  const { now } = Date;
  const drawn = mock.method(crypto, "getRandomValues");
  try {
    let present = now() + 5000;
    Date.now = () => present;
    api.createState();
    const before = drawn.mock.callCount();
    const states = new Set(Array.from({ length: 20 }, () => api.createState()));
    assert.equal(states.size, 20);
    assert.equal(drawn.mock.callCount(), before, "20 states need no draw of their own");
    for (const step of [1001, -1001]) {
      present += step;
      api.createState();
    }
    assert.equal(drawn.mock.callCount(), before + 2, "neither late nor from the future");
    const [pool] = drawn.mock.calls.at(-1)?.arguments ?? [];
    assert.ok(pool instanceof Uint8Array && pool.length > 64);
    assert.ok(pool.subarray(0, 32).every((byte) => byte === 0) && pool.subarray(32, 64).some((byte) => byte !== 0));
    for (let count = 0; count < pool.length / 32; count++) api.createState();
    assert.ok(drawn.mock.callCount() > before + 2, "what is used up is drawn anew");
  } finally {
    Date.now = now;
    drawn.mock.restore();
  }
});

test("answers do not depend on what was asked before", () => {
  const long = `https://acme.zendesk.com/${"x".repeat(70_000)}`;
  for (let length = 1; length <= 63; length++) {
    const label = "abcdefghi-123456789".repeat(4).slice(0, length).replace(/-$/, "0");
    assert.equal(api.parseSubdomain(label.toUpperCase()), label);
    refuses(() => api.parseSubdomain(`-${label}`), length > 62 ? "subdomain_too_long" : "subdomain_dash");
    assert.equal(api.parseSubdomain(long), "acme");
  }
});

test("too much text is refused before memory is made for it", () => {
  refuses(() => api.parseSubdomain("x".repeat(1 << 20)), "input_too_long");
  refuses(() => api.parseScope("ü".repeat(1 << 19)), "input_too_long");
  assert.equal(api.parseSubdomain(`acme.zendesk.com/${"x".repeat(1_000_000)}`), "acme");
  assert.equal(api.parseSubdomain("acme"), "acme");
});

test("only what checkCallback returned can be exchanged", async () => {
  const { callback } = checked();
  assert.ok(Object.isFrozen(callback));
  let asked = 0;
  const fetch = async () => {
    asked++;
    return Response.json({});
  };
  for (const forged of [{ ...callback }, structuredClone(callback), JSON.parse(JSON.stringify(callback)), {}, null]) {
    await assert.rejects(api.exchange("https://worker.example/", /** @type {any} */ (forged), { fetch }), (error) =>
      isRefusal(error, "callback_unchecked"),
    );
  }
  assert.equal(asked, 0);
});

test("the hand-off sends what it was told to, and follows no redirect", async () => {
  const { transaction, callback } = checked();
  /** @type {[string, RequestInit | undefined][]} */
  const sent = [];
  const headers = { authorization: "Bearer session", "content-type": "text/plain" };
  const connection = await api.exchange(new URL("https://worker.example/oauth/exchange"), callback, {
    headers,
    signal: AbortSignal.timeout(5000),
    fetch: async (input, init) => {
      sent.push([String(input), init]);
      return Response.json({ id: "c1" }, { status: 201 });
    },
  });
  assert.deepEqual(connection, { id: "c1" });
  const [[url, init] = []] = sent;
  assert.equal(url, "https://worker.example/oauth/exchange");
  const asSent = new Headers(init?.headers);
  assert.deepEqual(
    [...asSent],
    [
      ["authorization", "Bearer session"],
      ["content-type", "application/json"],
    ],
  );
  assert.deepEqual([init?.method, init?.redirect, init?.signal?.aborted], ["POST", "manual", false]);
  assert.deepEqual(JSON.parse(String(init?.body)), {
    profile: "",
    code: "abcdefghi",
    codeVerifier: transaction.codeVerifier,
    subdomain: "acme",
    redirectUri: options.redirectUri,
    tenant: "default",
    subject: "",
  });
});

test("a worker that refuses is heard, one that makes no sense is not", async () => {
  const problem = {
    type: "urn:zendesk-auth:error:rate_limited",
    title: "rate limited",
    status: 503,
    code: "rate_limited",
    detail: "wait and try again",
    error: "slow",
    errorDescription: "too fast",
    retryAfter: 30,
  };
  const { type: _, title: __, detail: ___, code: ____, ...heard } = problem;
  /** @type {[Response, string, Expected][]} */
  const answers = [
    [Response.json(problem, { status: 503 }), "rate_limited", heard],
    [
      Response.json(
        { code: "form_invalid", detail: "look again", problems: [{ field: "a", code: "b", message: "c" }] },
        { status: 422 },
      ),
      "form_invalid",
      { status: 422, problems: [{ field: "a", code: "b", message: "c" }] },
    ],
    [new Response("<html>", { status: 502 }), "worker_response_malformed", { status: 502 }],
    [new Response("", { status: 500 }), "worker_response_malformed", { status: 500 }],
    [new Response("[]", { status: 404 }), "worker_response_malformed", { status: 404 }],
    [
      new Response(null, { status: 307, headers: { location: "https://evil.example/" } }),
      "worker_response_malformed",
      { status: 307 },
    ],
    [new Response("<html>", { status: 200 }), "worker_response_malformed", { status: 200 }],
    [new Response("null", { status: 200 }), "worker_response_malformed", { status: 200 }],
    [new Response("7", { status: 200 }), "worker_response_malformed", { status: 200 }],
    [Response.json({ code: 7, detail: "look again" }, { status: 400 }), "worker_response_malformed", { status: 400 }],
  ];
  for (const [response, code, more] of answers) {
    const { transaction, callback } = checked();
    await assert.rejects(
      api.exchange("https://worker.example/oauth/exchange", callback, { fetch: async () => response }),
      (/** @type {any} */ error) => {
        const shown = `${error.stack} ${JSON.stringify(error)}`;
        assert.ok(![transaction.codeVerifier, transaction.state, "abcdefghi"].some((secret) => shown.includes(secret)));
        return isRefusal(error, code, more);
      },
    );
  }
});

test("a worker that cannot be reached is a transport error with its cause", async () => {
  const { callback } = checked();
  const cause = new TypeError("fetch failed");
  const fetch = async () => {
    throw cause;
  };
  await assert.rejects(api.exchange("https://worker.example/", callback, { fetch }), (error) =>
    isRefusal(error, "worker_unreachable", { cause }),
  );
});

test("the guard knows this package's errors, also those of another copy, and nothing else", () => {
  const ofAnotherCopy = Object.assign(new Error("x"), { name: "ZendeskAuthError", code: "subdomain_empty" });
  assert.equal(api.isZendeskAuthError(ofAnotherCopy), true);
  for (const other of [undefined, null, "x", {}, new Error("x"), { name: "ZendeskAuthError", code: "x" }]) {
    assert.equal(api.isZendeskAuthError(other), false);
  }
});

test("a callback belongs to the user who began, and the worker is told who that was", async () => {
  const { transaction } = api.beginAuthorization({ ...options, subject: "jane" });
  assert.equal(transaction.subject, "jane");
  const url = `${options.redirectUri}?code=c&state=${transaction.state}`;
  for (const subject of ["mallory", ""]) {
    refuses(() => api.checkCallback(url, transaction, { subject }), "callback_other_subject");
  }
  const callback = api.checkCallback(url, transaction, { subject: "jane" });
  /** @type {any[]} */
  const sent = [];
  const fetch = async (/** @type {unknown} */ _, /** @type {RequestInit} */ init) => {
    sent.push(JSON.parse(String(init.body)));
    return Response.json({ id: "1" }, { status: 201 });
  };
  await api.exchange("https://auth.example.com/oauth/exchange", callback, { fetch: /** @type {any} */ (fetch) });
  assert.deepEqual([sent[0].tenant, sent[0].subject], ["default", "jane"]);
});

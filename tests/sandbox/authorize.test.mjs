import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startSandbox } from "../../www/sandbox/index.js";
import { ask, authorizePath, consent, cookieOf, formOn, pkce, REDIRECT_URI, signIn } from "./support.mjs";

/** @type {import("../../www/sandbox/index.js").Sandbox} */
let sandbox;
before(async () => {
  sandbox = await startSandbox();
});
after(() => sandbox.close());

test("a stranger signs in first, and comes back to the consent page", async () => {
  const path = authorizePath();
  const start = await ask(sandbox, "acme", path);
  assert.equal(start.status, 302);
  const login = new URL(start.headers.location ?? "", sandbox.origin("acme"));
  assert.equal(login.pathname, "/access/login");
  const page = await ask(sandbox, "acme", login.pathname + login.search);
  assert.match(page.text, /value="ada@acme\.example"/);
  const returnTo = login.searchParams.get("return_to") ?? "";
  const form = { email: "ada@acme.example", password: "sandbox-password", return_to: returnTo };
  const signedIn = await ask(sandbox, "acme", login.pathname, { form });
  assert.equal(signedIn.status, 303);
  assert.equal(signedIn.headers.location, path);
  const consentPage = await ask(sandbox, "acme", path, { headers: { cookie: cookieOf(signedIn) } });
  assert.match(consentPage.text, /Allow Acme Assistant to use Acme Support\?/);
});

test("the session cookie is out of reach of scripts and of other accounts", async () => {
  const answer = await ask(sandbox, "acme", "/access/login", {
    form: { email: "ada@acme.example", password: "sandbox-password" },
  });
  assert.match(String(answer.headers["set-cookie"]), /HttpOnly; SameSite=Lax$/);
  assert.doesNotMatch(String(answer.headers["set-cookie"]), /Domain/);
  const elsewhere = await ask(sandbox, "globex", authorizePath({ client_id: "globex_custom" }), {
    headers: { cookie: cookieOf(answer) },
  });
  assert.equal(elsewhere.status, 302);
  assert.match(elsewhere.headers.location ?? "", /^\/access\/login/);
});

test("wrong, suspended and unverified users do not get in", async () => {
  const attempts = [
    { email: "ada@acme.example", password: "guess", says: /do not belong together/ },
    { email: "nobody@acme.example", password: "sandbox-password", says: /do not belong together/ },
    { email: "hedy@globex.example", password: "sandbox-password", says: /do not belong together/ },
    { email: "sid@acme.example", password: "sandbox-password", says: /suspended/ },
    { email: "una@acme.example", password: "sandbox-password", says: /not verified/ },
  ];
  for (const { says, ...form } of attempts) {
    const answer = await ask(sandbox, "acme", "/access/login", { form });
    assert.equal(answer.status, 401);
    assert.equal(answer.headers["set-cookie"], undefined);
    assert.match(answer.text, says);
  }
});

test("signing in leads nowhere but to the account's own pages", async () => {
  for (const return_to of ["https://evil.example/", "//evil.example", "/\\evil.example", "/api/v2/users/me", "x"]) {
    const form = { email: "ada@acme.example", password: "sandbox-password", return_to };
    const answer = await ask(sandbox, "acme", "/access/login", { form });
    assert.equal(answer.headers.location, "/", return_to);
  }
});

test("signing in from another site's form is refused", async () => {
  const form = { email: "ada@acme.example", password: "sandbox-password" };
  for (const origin of ["https://evil.example", "null", sandbox.origin("globex")]) {
    assert.equal((await ask(sandbox, "acme", "/access/login", { form, headers: { origin } })).status, 403);
  }
  const headers = { origin: sandbox.origin("acme") };
  assert.equal((await ask(sandbox, "acme", "/access/login", { form, headers })).status, 303);
});

test("signing out ends the session and asks for another user", async () => {
  const cookie = await signIn(sandbox, "acme", "ada@acme.example");
  const out = await ask(sandbox, "acme", "/access/logout", {
    headers: { cookie },
    form: { return_to: authorizePath() },
  });
  assert.match(out.headers.location ?? "", /^\/access\/login\?return_to=%2Foauth%2Fauthorizations%2Fnew/);
  const again = await ask(sandbox, "acme", authorizePath(), { headers: { cookie } });
  assert.equal(again.status, 302);
});

test("the consent page names client, company, purpose, user and what each scope allows", async () => {
  const cookie = await signIn(sandbox, "acme", "ada@acme.example");
  const path = authorizePath({ scope: "tickets:write read made_up:read" });
  const { text } = await ask(sandbox, "acme", path, { headers: { cookie } });
  for (const shown of [
    "Acme Assistant",
    "Acme Ltd.",
    "Answers customers in chat",
    "ada@acme.example",
    "Create, change and delete tickets",
    "Read everything you can see",
    "Zendesk does not know this scope",
    "localhost:8787",
  ]) {
    assert.ok(text.includes(shown), shown);
  }
});

test("what a request carries cannot become markup", async () => {
  const cookie = await signIn(sandbox, "acme", "ada@acme.example");
  const hostile = '"><script>alert(1)</script>';
  const path = authorizePath({ scope: hostile, state: hostile });
  const { text } = await ask(sandbox, "acme", path, { headers: { cookie } });
  assert.ok(!text.includes("<script"));
  assert.equal(formOn(text).state, hostile);
});

test("Allow sends a code and the state back", async () => {
  const back = await consent(sandbox, { parameters: { state: "x&y=z +1" } });
  assert.equal(back.origin + back.pathname, REDIRECT_URI);
  assert.match(back.searchParams.get("code") ?? "", /^[0-9a-f]{32}$/);
  assert.equal(back.searchParams.get("state"), "x&y=z +1");
});

test("without a state none is sent back", async () => {
  const back = await consent(sandbox, { parameters: { state: undefined } });
  assert.deepEqual([...back.searchParams.keys()], ["code"]);
});

test("Deny sends Zendesk's own words back, and the state", async () => {
  const back = await consent(sandbox, { decision: "deny", parameters: { state: "s1" } });
  assert.equal(
    back.search,
    "?error=access_denied&error_description=The+end-user+or+authorization+server+denied+the+request&state=s1",
  );
});

test("the authorization page is reachable by POST as well", async () => {
  const cookie = await signIn(sandbox, "acme", "ada@acme.example");
  const form = Object.fromEntries(new URLSearchParams(authorizePath().split("?")[1]));
  const page = await ask(sandbox, "acme", "/oauth/authorizations/new", { form, headers: { cookie } });
  assert.match(page.text, /Allow Acme Assistant/);
  const stranger = await ask(sandbox, "acme", "/oauth/authorizations/new", { form });
  assert.equal(stranger.status, 302);
});

test("consent needs the token of the page that asked", async () => {
  const cookie = await signIn(sandbox, "acme", "ada@acme.example");
  const other = await signIn(sandbox, "acme", "ada@acme.example");
  const headers = { cookie };
  const page = await ask(sandbox, "acme", authorizePath(), { headers });
  const form = { ...formOn(page.text), decision: "allow" };
  /** @type {import("./support.mjs").Asking[]} */
  const attempts = [
    { headers, form: { ...form, csrf_token: "guess" } },
    { headers: { cookie: other }, form },
    { headers: {}, form },
    { headers: { cookie, origin: "https://evil.example" }, form },
    { headers, form: { ...form, decision: "maybe" } },
  ];
  for (const attempt of attempts) {
    const answer = await ask(sandbox, "acme", "/oauth/authorizations", attempt);
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.location, undefined);
  }
  assert.equal((await ask(sandbox, "acme", "/oauth/authorizations", { headers, form })).status, 302);
});

/** @type {[string, string, Record<string, string | undefined>, RegExp][]} */
const ownPage = [
  ["an unknown client", "acme", { client_id: "nobody" }, /No such client/],
  ["another account's client", "globex", { client_id: "acme_custom" }, /No such client/],
  ["an unapproved global client away from home", "globex", { client_id: "zdg-unapproved" }, /No such client/],
  ["no client", "acme", { client_id: undefined }, /client_id is missing/],
  ["no redirect_uri", "acme", { redirect_uri: undefined }, /redirect_uri is missing/],
  ["a redirect_uri with one more slash", "acme", { redirect_uri: `${REDIRECT_URI}/` }, /not one that is registered/],
  ["a redirect_uri in capitals", "acme", { redirect_uri: REDIRECT_URI.toUpperCase() }, /not one that is registered/],
  [
    "another loopback name",
    "acme",
    { redirect_uri: "http://127.0.0.1:8787/oauth/callback" },
    /not one that is registered/,
  ],
  ["another port", "acme", { redirect_uri: "http://localhost:8786/oauth/callback" }, /not one that is registered/],
  ["a public client without PKCE", "acme", { client_id: "acme_public" }, /must use PKCE/],
  ["plain PKCE", "acme", { code_challenge: "a".repeat(43), code_challenge_method: "plain" }, /must be S256/],
  ["PKCE without a method", "acme", { code_challenge: "a".repeat(43) }, /must be S256/],
  ["a short challenge", "acme", { code_challenge: "a".repeat(42), code_challenge_method: "S256" }, /malformed/],
];
for (const [what, subdomain, parameters, says] of ownPage) {
  test(`${what} ends on Zendesk's own page`, async () => {
    const answer = await ask(sandbox, subdomain, authorizePath(parameters));
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.location, undefined);
    assert.match(answer.text, /<h1>Invalid Authorization Request<\/h1>/);
    assert.match(answer.text, says);
  });
}

test("a parameter given twice ends on Zendesk's own page", async () => {
  const answer = await ask(sandbox, "acme", `${authorizePath()}&client_id=acme_public`);
  assert.equal(answer.status, 400);
  assert.match(answer.text, /given more than once/);
});

/** @type {[Record<string, string | undefined>, string][]} */
const sentBack = [
  [{ response_type: "token" }, "unsupported_response_type"],
  [{ response_type: undefined }, "invalid_request"],
  [{ scope: undefined }, "invalid_request"],
  [{ scope: " " }, "invalid_request"],
];
for (const [parameters, error] of sentBack) {
  test(`${JSON.stringify(parameters)} is sent back as ${error}`, async () => {
    const answer = await ask(sandbox, "acme", authorizePath({ ...parameters, state: "s2" }));
    assert.equal(answer.headers.location, `${REDIRECT_URI}?error=${error}&state=s2`);
  });
}

test("a global client is known on every account, an unapproved one at home", async () => {
  await consent(sandbox, { parameters: { client_id: "zdg-product" } });
  await consent(sandbox, { parameters: { client_id: "zdg-unapproved" } });
  const email = "hedy@globex.example";
  await consent(sandbox, { subdomain: "globex", email, parameters: { client_id: "zdg-product" } });
});

test("a public client gets a code with PKCE", async () => {
  const back = await consent(sandbox, { parameters: { client_id: "acme_public", ...pkce().parameters } });
  assert.ok(back.searchParams.get("code"));
});

test("further redirect URIs can be registered at the start and later", async () => {
  const early = "http://localhost:4001/callback?from=zendesk";
  const late = "http://localhost:4002/callback";
  const wider = await startSandbox({ redirectUris: [early] });
  try {
    const back = await consent(wider, { parameters: { redirect_uri: early } });
    assert.equal(back.searchParams.get("from"), "zendesk");
    assert.ok(back.searchParams.get("code"));
    assert.equal((await ask(wider, "acme", authorizePath({ redirect_uri: late }))).status, 400);
    wider.addRedirectUri(late);
    assert.equal((await consent(wider, { parameters: { redirect_uri: late } })).port, "4002");
  } finally {
    await wider.close();
  }
});

test("a scope outside the allowed ones can be refused before the code", async () => {
  const strict = await startSandbox({ scopeCheckedAt: "authorize" });
  try {
    const back = await consent(strict, { parameters: { client_id: "acme_narrow", scope: "read", state: "s3" } });
    assert.equal(back.search, "?error=invalid_scope&state=s3");
  } finally {
    await strict.close();
  }
});

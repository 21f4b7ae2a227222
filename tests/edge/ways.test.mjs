import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { beginAuthorization, checkCallback, exchange } from "zendesk-auth";
import { API_TOKENS, SECRETS } from "../../www/sandbox/index.js";
import { ADMIN_KEY, cookiesOf, decide, form, HAND_OFF, PUBLIC_URL, world } from "./support.mjs";

/** @type {Awaited<ReturnType<typeof world>>} */
let here;

before(async () => {
  const clientSecret = SECRETS["zdg-product"];
  here = await world({ systemClient: { clientId: "zdg-product", clientSecret, scope: "read write" } });
});
after(() => here.sandbox.close());

/** @param {string} method @param {string} path @param {unknown} [json] @param {string} [bearer] */
async function ask(method, path, json, bearer = here.session) {
  const reply = await here.call(method, path, { bearer, ...(json === undefined ? {} : { json }) });
  return { status: reply.status, ...reply.json };
}

/** @param {string} subject */
async function user(subject) {
  return (await ask("POST", "/sessions", { role: "user", subject }, ADMIN_KEY)).session;
}

/** @param {string} authorization @param {string} access @param {string | null} [profile] */
const choose = (authorization, access, profile) => ask("PUT", "/integration", { authorization, access, profile });

/** @param {string} bearer @param {object} body @param {string} email */
async function popup(bearer, body, email = "ada@acme.example") {
  const begun = await here.call("POST", "/connections", { bearer, json: body });
  assert.equal(begun.status, 200, begun.text);
  const back = await decide(here.sandbox, begun.json.authorizationUrl, { email });
  await here.call("GET", back.pathname + back.search, { headers: { cookie: cookiesOf(begun) } });
  const poll = await ask("GET", `/transactions/${begun.json.transaction}`, undefined, bearer);
  assert.equal(poll.status, "connected", JSON.stringify(poll));
  return ask("GET", `/connections/${poll.connection}`, undefined, bearer);
}

const typed = { subdomain: "acme", email: "ada@acme.example", apiToken: API_TOKENS.acme };

/** @type {Record<string, (bearer: string, profile: string) => Promise<any>>} */
const connect = {
  basic: (bearer) => ask("POST", "/connections", typed, bearer),
  "oauth-system": (bearer) => popup(bearer, { authorization: "oauth-system", subdomain: "acme" }),
  "oauth-custom": (bearer, profile) => popup(bearer, { profile }),
};

for (const authorization of ["basic", "oauth-system", "oauth-custom"]) {
  test(`pre-authorized by ${authorization}: chosen, verified, enabled, disconnected`, async () => {
    const profile = authorization === "oauth-custom" ? (await ask("POST", "/profiles", form())).id : undefined;
    assert.equal((await choose(authorization, "pre-authorize", profile)).state, "unverified");
    const connection = await connect[authorization]?.(here.session, profile);
    assert.equal(connection.authorization, authorization);
    assert.equal(connection.user.email, "ada@acme.example");
    const enabled = await ask("POST", "/integration/enable");
    assert.deepEqual([enabled.state, enabled.connection], ["enabled", connection.id]);
    const { revoked } = await ask("DELETE", `/connections/${connection.id}`);
    assert.equal(revoked, authorization === "basic" ? "not-applicable" : "confirmed");
    assert.equal((await ask("GET", "/integration")).state, "unverified");
  });

  test(`users by ${authorization}: two of them, side by side`, async () => {
    const profiles = {
      basic: { mechanism: "basic", name: "By token" },
      "oauth-system": undefined,
      "oauth-custom": form(),
    };
    const body = profiles[/** @type {keyof typeof profiles} */ (authorization)];
    const profile = body && (await ask("POST", "/profiles", body)).id;
    await choose(authorization, "allow-users", profile ?? null);
    const people = [await user("jane"), await user("joe")];
    assert.equal((await ask("POST", "/connections", typed, people[0])).status, 403);
    assert.equal((await ask("POST", "/integration/enable")).state, "enabled");
    const connections = [];
    for (const bearer of people) connections.push(await connect[authorization]?.(bearer, profile));
    assert.deepEqual(
      connections.map(({ subject }) => subject),
      ["user:jane", "user:joe"],
    );
    for (const [index, bearer] of people.entries()) {
      const { connections: own } = await ask("GET", "/connections", undefined, bearer);
      assert.deepEqual(
        own.map((/** @type {any} */ { id }) => id),
        [connections[index].id],
      );
      assert.equal((await ask("GET", `/connections/${connections[1 - index].id}`, undefined, bearer)).status, 404);
    }
    for (const { id } of connections) await ask("DELETE", `/connections/${id}`);
  });
}

test("the operator's client is handed off as `system`", async () => {
  const { authorizationUrl, transaction } = beginAuthorization({
    subdomain: "globex",
    clientId: "zdg-product",
    redirectUri: HAND_OFF,
    scope: "read write",
    profile: "system",
    accountTemplate: here.sandbox.accountTemplate,
  });
  const back = await decide(here.sandbox, authorizationUrl, { email: "hedy@globex.example" });
  const connection = await exchange(`${PUBLIC_URL}/oauth/exchange`, checkCallback(back, transaction), {
    fetch: (input, init) => here.edge.fetch(new Request(input, init)),
    headers: { authorization: `Bearer ${here.session}` },
  });
  assert.deepEqual([connection.authorization, connection.profile], ["oauth-system", null]);
});

test("an API token that Zendesk does not take is refused in its own words", async () => {
  const { status, code, error } = await ask("POST", "/connections", { ...typed, apiToken: API_TOKENS.acmeDeactivated });
  assert.deepEqual([status, code, error], [422, "basic_refused", "Couldn't authenticate you"]);
});

test("a duplicate exchanges with the secret that it never showed", async () => {
  const { id } = await ask("POST", "/profiles", form());
  const copy = await ask("POST", `/profiles/${id}/duplicate`, { name: "Copy" });
  assert.equal((await popup(here.session, { profile: copy.id })).profile, copy.id);
  assert.equal((await ask("DELETE", `/profiles/${copy.id}`)).code, "profile_in_use");
  const removed = await here.call("DELETE", `/profiles/${id}`, { bearer: here.session });
  assert.deepEqual([removed.status, removed.text], [204, ""]);
});

test("after its last day an API token is refused without being sent", async () => {
  const late = await world({ now: () => Date.parse("2027-05-01T00:00:00Z") });
  try {
    const reply = await late.call("POST", "/connections", { bearer: late.session, json: typed });
    assert.deepEqual([reply.status, reply.json.code], [410, "api_tokens_retired"]);
    assert.equal(late.sandbox.requests.length, 0);
  } finally {
    await late.sandbox.close();
  }
});

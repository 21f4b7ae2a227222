import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { beginAuthorization, checkCallback, exchange } from "zendesk-auth";
import { calls, interleaved } from "./rounds.mjs";

const account = "https://acme.zendesk.com";
const clientId = "acme_custom";
const redirectUri = "https://app.example/oauth/callback";
const scope = "tickets:read users:read";
const code = "0123456789abcdef0123456789abcdef";
const server = {
  issuer: account,
  authorization_endpoint: `${account}/oauth/authorizations/new`,
  token_endpoint: `${account}/oauth/tokens`,
};
const granted = JSON.stringify({
  access_token: "a".repeat(64),
  refresh_token: "r".repeat(64),
  token_type: "bearer",
  scope,
  expires_in: 1800,
});
const connected = JSON.stringify({
  id: "c0123456789abcdef",
  subdomain: "acme",
  status: "active",
  user: { id: 1, name: "Ada", email: "ada@acme.example", role: "admin" },
  scope,
  expiresAt: "2026-11-25T12:00:00Z",
});

/**
 * An answer that can be read again and again: to make a `Response` takes Node longer than each library's own work.
 * @param {string} body
 */
function answering(body) {
  const members = {
    status: 200,
    ok: true,
    bodyUsed: false,
    body: null,
    headers: new Headers({ "content-type": "application/json" }),
    json: async () => JSON.parse(body),
    text: async () => body,
  };
  const described = Object.entries(members).map(([name, value]) => [name, { value }]);
  const answer = /** @type {Response} */ (Object.create(Response.prototype, Object.fromEntries(described)));
  return async () => answer;
}

/**
 * A callback's URL checked against what was kept, the request that redeems the code made, its answer judged; the network is
 * a function that answers at once. A page with this package sends the code to its worker and judges the worker's answer,
 * where the others send it to the token endpoint: a secret has no place in a page.
 * @param {number} rounds
 */
export async function callback(rounds) {
  const work = { ours, oauth4webapi, openid_client: openidClient };
  for (const [name, once] of Object.entries(work)) assert.ok(await once(), name);
  const subjects = Object.entries(work).map(([name, once]) => [name, calls(once)]);
  return interleaved(Object.fromEntries(subjects), { rounds });
}

const { transaction } = beginAuthorization({ subdomain: "acme", clientId, redirectUri, scope });
const { state, codeVerifier } = transaction;
const url = `${redirectUri}?code=${code}&state=${state}`;
const asWorker = answering(connected);
const asZendesk = answering(granted);

export async function ours() {
  const checked = checkCallback(url, transaction, { maxAge: 86_400 });
  return (await exchange("https://app.example/oauth/exchange", checked, { fetch: asWorker })).id;
}

const client = { client_id: clientId };
const noSecret = oauth.None();

async function oauth4webapi() {
  const parameters = oauth.validateAuthResponse(server, client, new URL(url), state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    noSecret,
    parameters,
    redirectUri,
    codeVerifier,
    { [oauth.customFetch]: asZendesk },
  );
  return (await oauth.processAuthorizationCodeResponse(server, client, response)).access_token;
}

const configuration = new openid.Configuration(server, clientId, undefined, openid.None());
configuration[openid.customFetch] = asZendesk;

async function openidClient() {
  const checks = { pkceCodeVerifier: codeVerifier, expectedState: state };
  return (await openid.authorizationCodeGrant(configuration, new URL(url), checks)).access_token;
}

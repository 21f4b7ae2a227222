import { CodeChallengeMethod, generateCodeVerifier, generateState, OAuth2Client } from "arctic";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { options } from "./options.mjs";

const account = "https://acme.zendesk.com";
const endpoint = `${account}/oauth/authorizations/new`;
const tokenEndpoint = `${account}/oauth/tokens`;
const { clientId, redirectUri, scope } = options;

/**
 * The same work by each: a state, a verifier, its S256 challenge, and the authorization URL as a string.
 * @type {Record<string, () => string | Promise<string>>}
 */
export const peers = { arctic: arctic(), oauth4webapi: oauth4webapi(), openid_client: openidClient() };

function arctic() {
  const client = new OAuth2Client(clientId, null, redirectUri);
  const scopes = scope.split(" ");
  return () =>
    client.createAuthorizationURLWithPKCE(
      endpoint,
      generateState(),
      CodeChallengeMethod.S256,
      generateCodeVerifier(),
      scopes,
    ).href;
}

function oauth4webapi() {
  const server = { issuer: account, authorization_endpoint: endpoint, token_endpoint: tokenEndpoint };
  return async () => {
    const verifier = oauth.generateRandomCodeVerifier();
    const url = new URL(server.authorization_endpoint);
    url.searchParams.set("client_id", clientId);
    url.searchParams.set("redirect_uri", redirectUri);
    url.searchParams.set("response_type", "code");
    url.searchParams.set("scope", scope);
    url.searchParams.set("state", oauth.generateRandomState());
    url.searchParams.set("code_challenge", await oauth.calculatePKCECodeChallenge(verifier));
    url.searchParams.set("code_challenge_method", "S256");
    return url.href;
  };
}

function openidClient() {
  const server = { issuer: account, authorization_endpoint: endpoint, token_endpoint: tokenEndpoint };
  const configuration = new openid.Configuration(server, clientId);
  return async () => {
    const verifier = openid.randomPKCECodeVerifier();
    return openid.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope,
      state: openid.randomState(),
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    }).href;
  };
}

const random = new Uint8Array(64);

/** What none can do without: 64 random bytes and one SHA-256, by the host's own means. */
export async function floor() {
  crypto.getRandomValues(random);
  return crypto.subtle.digest("SHA-256", random.subarray(0, 32));
}

/**
 * That what is timed is the work.
 * @param {string} name
 * @param {string} href
 */
export function check(name, href) {
  const given = new URL(href).searchParams;
  const expected = {
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    scope,
    code_challenge_method: "S256",
  };
  const wrong = Object.entries(expected).filter(([key, value]) => given.get(key) !== value);
  const missing = ["state", "code_challenge"].filter((key) => !given.get(key));
  if (wrong.length + missing.length > 0) throw new Error(`${name} does other work: ${href}`);
}

// The start of an authorization and its end, as a page does it.
import * as openid from "openid-client";

/** @param {string} subdomain @param {string} clientId */
function configurationOf(subdomain, clientId) {
  const issuer = `https://${subdomain}.zendesk.com`;
  const server = {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorizations/new`,
    token_endpoint: `${issuer}/oauth/tokens`,
  };
  return new openid.Configuration(server, clientId, undefined, openid.None());
}

/** @param {{ subdomain: string, clientId: string, redirectUri: string, scope: string }} options */
export async function begin({ subdomain, clientId, redirectUri, scope }) {
  const [state, codeVerifier] = [openid.randomState(), openid.randomPKCECodeVerifier()];
  const url = openid.buildAuthorizationUrl(configurationOf(subdomain, clientId), {
    redirect_uri: redirectUri,
    scope,
    state,
    code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: "S256",
  });
  return { url: url.href, transaction: { subdomain, clientId, state, codeVerifier } };
}

/** @param {string} url @param {Awaited<ReturnType<typeof begin>>["transaction"]} kept */
export async function end(url, { subdomain, clientId, state, codeVerifier }) {
  const checks = { pkceCodeVerifier: codeVerifier, expectedState: state };
  return openid.authorizationCodeGrant(configurationOf(subdomain, clientId), new URL(url), checks);
}

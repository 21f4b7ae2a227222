// The start of an authorization and its end, as a page does it.
import * as oauth from "oauth4webapi";

/** @param {string} subdomain */
function serverOf(subdomain) {
  const issuer = `https://${subdomain}.zendesk.com`;
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorizations/new`,
    token_endpoint: `${issuer}/oauth/tokens`,
  };
}

/** @param {{ subdomain: string, clientId: string, redirectUri: string, scope: string }} options */
export async function begin({ subdomain, clientId, redirectUri, scope }) {
  const [state, codeVerifier] = [oauth.generateRandomState(), oauth.generateRandomCodeVerifier()];
  const url = new URL(serverOf(subdomain).authorization_endpoint);
  url.searchParams.set("client_id", clientId);
  url.searchParams.set("redirect_uri", redirectUri);
  url.searchParams.set("response_type", "code");
  url.searchParams.set("scope", scope);
  url.searchParams.set("state", state);
  url.searchParams.set("code_challenge", await oauth.calculatePKCECodeChallenge(codeVerifier));
  url.searchParams.set("code_challenge_method", "S256");
  return { url: url.href, transaction: { subdomain, clientId, redirectUri, state, codeVerifier } };
}

/** @param {string} url @param {Awaited<ReturnType<typeof begin>>["transaction"]} kept */
export async function end(url, { subdomain, clientId, redirectUri, state, codeVerifier }) {
  const [server, client] = [serverOf(subdomain), { client_id: clientId }];
  const given = oauth.validateAuthResponse(server, client, new URL(url), state);
  const none = oauth.None();
  const answer = await oauth.authorizationCodeGrantRequest(server, client, none, given, redirectUri, codeVerifier);
  return oauth.processAuthorizationCodeResponse(server, client, answer);
}

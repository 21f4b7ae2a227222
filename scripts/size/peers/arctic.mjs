// The start of an authorization and its end, as a page does it: what the package's browser artifact is compared with.
import { CodeChallengeMethod, generateCodeVerifier, generateState, OAuth2Client } from "arctic";

/** @param {{ subdomain: string, clientId: string, redirectUri: string, scope: string }} options */
export function begin({ subdomain, clientId, redirectUri, scope }) {
  const [state, codeVerifier] = [generateState(), generateCodeVerifier()];
  const endpoint = `https://${subdomain}.zendesk.com/oauth/authorizations/new`;
  const client = new OAuth2Client(clientId, null, redirectUri);
  const method = CodeChallengeMethod.S256;
  const url = client.createAuthorizationURLWithPKCE(endpoint, state, method, codeVerifier, scope.split(" "));
  return { url: url.href, transaction: { subdomain, clientId, redirectUri, state, codeVerifier } };
}

/** @param {string} url @param {ReturnType<typeof begin>["transaction"]} kept */
export async function end(url, { subdomain, clientId, redirectUri, state, codeVerifier }) {
  const given = new URL(url).searchParams;
  if (given.get("state") !== state) throw new Error("state");
  const code = given.get("code");
  if (!code) throw new Error(given.get("error") ?? "code");
  const client = new OAuth2Client(clientId, null, redirectUri);
  return client.validateAuthorizationCode(`https://${subdomain}.zendesk.com/oauth/tokens`, code, codeVerifier);
}

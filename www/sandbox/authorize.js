import { timingSafeEqual } from "node:crypto";
import OAuth2Server from "@node-oauth/oauth2-server";
import { formOf, MalformedParameters, queryOf, withParameters } from "./http.js";
import { CODE_LIFETIME, oauthModel } from "./oauth-model.js";
import { consentPage } from "./pages/consent.js";
import { invalidRequestPage } from "./pages/error.js";
import { splitScope } from "./scopes.js";
import { askToSignIn, sameOrigin, signedIn } from "./session.js";

const PATH = "/oauth/authorizations/new";
const PARAMETERS = new Set([
  "response_type",
  "client_id",
  "redirect_uri",
  "scope",
  "state",
  "code_challenge",
  "code_challenge_method",
]);
const DENIED = "The end-user or authorization server denied the request";

/** What is wrong with a request before its redirect_uri can be trusted: shown here, never sent back (facts 3). */
class UntrustedRequest extends Error {}

/**
 * @typedef {object} AuthorizationRequest
 * @property {import("./seed.js").Client} client
 * @property {string} redirectUri
 * @property {string[]} scopes
 * @property {Record<string, string>} parameters  the known ones, as they came
 * @property {string} [refusal]  an error code for the client
 */

/**
 * The pages a person sees on the way to a code.
 *
 * @param {import("./http.js").SandboxApp} app
 * @param {import("./http.js").Settings} settings
 */
export function authorizationRoutes(app, settings) {
  app.get(PATH, (c) => guarded(c, async () => begin(c, queryOf(c))));
  // Reachable by POST too (facts 3); the other site's form brings no cookie of ours, so it goes on as a GET.
  app.post(PATH, (c) => guarded(c, async () => begin(c, { ...queryOf(c), ...(await formOf(c)) })));
  app.post("/oauth/authorizations", (c) => guarded(c, async () => decide(c, await formOf(c), settings)));
}

/**
 * @param {import("./http.js").SandboxContext} c
 * @param {() => Promise<Response>} handle
 */
async function guarded(c, handle) {
  c.header("cache-control", "no-store");
  try {
    return await handle();
  } catch (error) {
    if (!(error instanceof UntrustedRequest || error instanceof MalformedParameters)) throw error;
    return c.html(invalidRequestPage({ account: c.get("account"), reason: error.message }), 400);
  }
}

/**
 * @param {import("./http.js").SandboxContext} c
 * @param {Record<string, string>} received
 */
async function begin(c, received) {
  const account = c.get("account");
  const request = readRequest(account, received);
  if (request.refusal) return sendBack(c, request, { error: request.refusal });
  const here = `${PATH}?${new URLSearchParams(request.parameters)}`;
  const current = signedIn(c);
  if (!current) return askToSignIn(c, here);
  const { csrfToken } = current.session;
  return c.html(consentPage({ account, user: current.user, request, csrfToken, here }));
}

/**
 * @param {import("./http.js").SandboxContext} c
 * @param {Record<string, string>} form
 * @param {import("./http.js").Settings} settings
 */
async function decide(c, form, settings) {
  const request = readRequest(c.get("account"), form);
  const current = signedIn(c);
  if (!current) throw new UntrustedRequest("You are no longer signed in. Start again from the application.");
  if (!sameOrigin(c) || !sameText(form.csrf_token ?? "", current.session.csrfToken)) {
    throw new UntrustedRequest("This answer did not come from the page that asked. Start again from the application.");
  }
  if (request.refusal) return sendBack(c, request, { error: request.refusal });
  if (form.decision === "deny") {
    return sendBack(c, request, { error: "access_denied", error_description: DENIED });
  }
  if (form.decision !== "allow") throw new UntrustedRequest("Choose Allow or Deny.");
  return allow(c, request, current.user, settings);
}

/**
 * @param {import("./http.js").SandboxContext} c
 * @param {AuthorizationRequest} request
 * @param {import("./seed.js").User} user
 * @param {import("./http.js").Settings} settings
 */
async function allow(c, request, user, settings) {
  const parameters = { ...request.parameters, scope: request.scopes.join(" ") };
  const server = new OAuth2Server({
    model: oauthModel(c.get("account"), parameters, {
      phase: "authorize",
      now: settings.now,
      issuer: new URL(c.req.url).origin,
      format: settings.tokenFormat,
      lifetime: 0,
      refreshLifetime: 0,
      checkScope: settings.scopeCheckedAt === "authorize",
    }),
    authenticateHandler: { handle: () => user },
    authorizationCodeLifetime: CODE_LIFETIME,
    allowEmptyState: true,
  });
  const libraryRequest = new OAuth2Server.Request({ method: "POST", headers: {}, query: {}, body: parameters });
  try {
    const { authorizationCode } = await server.authorize(libraryRequest, new OAuth2Server.Response());
    return sendBack(c, request, { code: authorizationCode });
  } catch (error) {
    if (!(error instanceof OAuth2Server.InvalidScopeError)) throw error;
    return sendBack(c, request, { error: "invalid_scope" });
  }
}

/**
 * @param {import("./account.js").Account} account
 * @param {Record<string, string>} received
 * @returns {AuthorizationRequest}
 */
function readRequest(account, received) {
  const parameters = Object.fromEntries(Object.entries(received).filter(([name]) => PARAMETERS.has(name)));
  const client = account.client(parameters.client_id ?? "");
  if (!parameters.client_id) throw new UntrustedRequest("The parameter client_id is missing.");
  if (!client) throw new UntrustedRequest("No such client");
  const redirectUri = parameters.redirect_uri;
  if (!redirectUri) throw new UntrustedRequest("The parameter redirect_uri is missing.");
  // By exact string, so far as integrators can tell (facts 9).
  if (!client.redirectUris.includes(redirectUri)) {
    throw new UntrustedRequest("The redirect URI is not one that is registered for this client.");
  }
  checkPkce(client, parameters);
  if (/[^\x20-\x7e]/.test(parameters.state ?? "")) throw new UntrustedRequest("The parameter state is malformed.");
  const scopes = splitScope(parameters.scope);
  return { client, redirectUri, scopes, parameters, refusal: refusalOf(parameters, scopes) };
}

/**
 * @param {import("./seed.js").Client} client
 * @param {Record<string, string>} parameters
 */
function checkPkce(client, { code_challenge, code_challenge_method }) {
  if (code_challenge === undefined && code_challenge_method === undefined) {
    if (client.kind === "public") throw new UntrustedRequest("A public client must use PKCE.");
    return;
  }
  if (code_challenge_method !== "S256") throw new UntrustedRequest("The parameter code_challenge_method must be S256.");
  if (!/^[\w-]{43}$/.test(code_challenge ?? ""))
    throw new UntrustedRequest("The parameter code_challenge is malformed.");
}

/**
 * @param {Record<string, string>} parameters
 * @param {string[]} scopes
 */
function refusalOf(parameters, scopes) {
  if (parameters.response_type === undefined || scopes.length === 0) return "invalid_request";
  return parameters.response_type === "code" ? undefined : "unsupported_response_type";
}

/**
 * @param {import("./http.js").SandboxContext} c
 * @param {AuthorizationRequest} request
 * @param {Record<string, string>} answer
 */
function sendBack(c, request, answer) {
  return c.redirect(withParameters(request.redirectUri, { ...answer, state: request.parameters.state }));
}

/**
 * @param {string} given
 * @param {string} expected
 */
function sameText(given, expected) {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

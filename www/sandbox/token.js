import OAuth2Server from "@node-oauth/oauth2-server";
import { jsonOrFormOf, MalformedParameters } from "./http.js";
import { oauthModel } from "./oauth-model.js";

const DEFAULT_LIFETIME = 1_800;
const DEFAULT_REFRESH_LIFETIME = 2_592_000;
const GRANT_TYPES = new Set(["authorization_code", "refresh_token", "client_credentials"]);

// Zendesk's documented descriptions are word for word those of the Ruby library rack-oauth2, so the others
// are taken to be that library's as well (facts 4).
const DESCRIPTIONS = new Map(
  Object.entries({
    invalid_request:
      "The request is missing a required parameter, includes an unsupported parameter or parameter value, repeats a parameter, includes multiple credentials, utilizes more than one mechanism for authenticating the client, or is otherwise malformed.",
    invalid_client:
      "The client identifier provided is invalid, the client failed to authenticate, the client did not include its credentials, provided multiple client credentials, or used unsupported credentials type.",
    invalid_grant:
      "The provided access grant is invalid, expired, or revoked (e.g. invalid assertion, expired authorization token, bad end-user password credentials, or mismatching authorization code and redirection URI).",
    unauthorized_client: "The authenticated client is not authorized to use the access grant type provided.",
    unsupported_grant_type:
      "The access grant included - its type or another attribute - is not supported by the authorization server.",
    invalid_scope: "The requested scope is invalid, unknown, malformed, or exceeds the previously granted scope.",
  }),
);

class Refusal extends Error {
  /**
   * @param {string} code
   * @param {string} [description]
   */
  constructor(code, description = DESCRIPTIONS.get(code)) {
    super(description);
    this.code = code;
  }
}

/**
 * `POST /oauth/tokens`.
 *
 * @param {import("./http.js").SandboxApp} app
 * @param {import("./http.js").Settings} settings
 */
export function tokenRoutes(app, settings) {
  app.post("/oauth/tokens", async (c) => {
    c.header("cache-control", "no-store");
    try {
      const parameters = await jsonOrFormOf(c);
      return c.json(await grant(c, parameters, settings), settings.tokenStatus);
    } catch (error) {
      return refuse(c, asRefusal(error));
    }
  });
}

/**
 * @param {import("./http.js").SandboxContext} c
 * @param {Record<string, string>} parameters
 * @param {import("./http.js").Settings} settings
 */
async function grant(c, parameters, settings) {
  if (!parameters.grant_type || !parameters.client_id) throw new Refusal("invalid_request");
  if (!GRANT_TYPES.has(parameters.grant_type)) throw new Refusal("unsupported_grant_type");
  const lifetimes = lifetimesOf(parameters);
  const fault = c.get("fault");
  const model = oauthModel(c.get("account"), parameters, {
    phase: "token",
    now: settings.now,
    issuer: new URL(c.req.url).origin,
    format: fault?.kind === "jwt" ? "jwt" : settings.tokenFormat,
    lifetime: lifetimes.access ?? DEFAULT_LIFETIME,
    refreshLifetime: lifetimes.refresh ?? DEFAULT_REFRESH_LIFETIME,
    grantedScope: fault?.kind === "scope" ? fault.scope : undefined,
    checkScope: true,
  });
  const server = new OAuth2Server({
    model,
    requireClientAuthentication: { authorization_code: false, refresh_token: false, client_credentials: false },
  });
  // The library sees the parameters only: no client here has been seen to put its secret in a header (facts 4).
  const request = new OAuth2Server.Request({
    method: "POST",
    query: {},
    body: parameters,
    headers: { "content-type": "application/x-www-form-urlencoded", "content-length": "1" },
  });
  const { record } = await server.token(request, new OAuth2Server.Response());
  return answer(record, lifetimes, fault?.kind === "omit" ? fault.fields : []);
}

/**
 * @param {import("./token-store.js").TokenRecord} record
 * @param {{ access?: number, refresh?: number }} lifetimes
 * @param {string[]} omitted
 */
function answer(record, lifetimes, omitted) {
  const fields = {
    access_token: record.accessToken,
    refresh_token: record.refreshToken ?? undefined,
    token_type: "bearer",
    scope: record.scopes.join(" "),
    // Echoed only when it was asked for (facts 4); the refresh token's is always there.
    expires_in: lifetimes.access,
    refresh_token_expires_in: record.refreshToken ? (lifetimes.refresh ?? DEFAULT_REFRESH_LIFETIME) : undefined,
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => value !== undefined && !omitted.includes(name)),
  );
}

/** @param {Record<string, string>} parameters */
function lifetimesOf(parameters) {
  return {
    access: seconds(
      parameters.expires_in,
      (value) => value > 300 && value < 172_800,
      "expires_in must be more than 300 and less than 172800 seconds",
    ),
    refresh: seconds(
      parameters.refresh_token_expires_in,
      (value) => value >= 604_800 && value <= 7_776_000,
      "refresh_token_expires_in must be between 604800 and 7776000 seconds",
    ),
  };
}

/**
 * @param {string | undefined} text
 * @param {(value: number) => boolean} allowed
 * @param {string} description
 */
function seconds(text, allowed, description) {
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!allowed(value)) throw new Refusal("invalid_request", description);
  return value;
}

/** @param {unknown} error */
function asRefusal(error) {
  if (error instanceof Refusal) return error;
  if (error instanceof MalformedParameters) return new Refusal("invalid_request", error.message);
  const { name } = /** @type {Error} */ (error);
  if (DESCRIPTIONS.has(name)) return new Refusal(name);
  throw error;
}

/**
 * @param {import("./http.js").SandboxContext} c
 * @param {Refusal} refusal
 */
function refuse(c, refusal) {
  const body = { error: refusal.code, error_description: refusal.message };
  if (refusal.code !== "invalid_client") return c.json(body, 400);
  c.header("www-authenticate", 'Basic realm="OAuth2 Token Endpoint"');
  return c.json(body, 401);
}

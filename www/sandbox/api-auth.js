import { mayAct } from "./account.js";
import { allows } from "./scopes.js";

/**
 * Who calls the API.
 *
 * @typedef {{ kind: "anonymous" }
 *   | { kind: "basic", user: import("./seed.js").User }
 *   | { kind: "oauth", user: import("./seed.js").User, token: import("./token-store.js").TokenRecord }} Caller
 */

const EXPOSED = "X-Request-Id, X-Rate-Limit, X-Rate-Limit-Remaining, Retry-After";

/**
 * Finds out who calls, refuses what is wrong, and lets browsers of other origins read answers to OAuth callers only
 * (facts 8).
 *
 * @param {() => number} now
 * @returns {import("hono").MiddlewareHandler<import("./http.js").SandboxEnv>}
 */
export function authenticate(now) {
  return async (c, next) => {
    if (c.req.method === "OPTIONS") return preflight(c);
    const caller = identify(c.get("account"), c.req.header("authorization"), now());
    if (caller === "bad-token") return invalidToken(c);
    if (caller === "bad-credentials") return couldNotAuthenticate(c);
    c.set("caller", caller);
    await next();
    if (caller.kind === "oauth") {
      c.res.headers.set("access-control-allow-origin", "*");
      c.res.headers.set("access-control-expose-headers", EXPOSED);
    }
  };
}

/**
 * For routes that strangers may not use.
 *
 * @param {"read" | "write"} action
 * @param {string} [resource]
 * @returns {import("hono").MiddlewareHandler<import("./http.js").SandboxEnv>}
 */
export function requires(action, resource) {
  return async (c, next) => {
    if (c.get("caller").kind === "anonymous") return couldNotAuthenticate(c);
    return missingScope(c, action, resource) ?? next();
  };
}

/**
 * @param {import("./http.js").SandboxContext} c
 * @param {"read" | "write"} action
 * @param {string} [resource]
 */
export function missingScope(c, action, resource) {
  const caller = c.get("caller");
  if (caller.kind !== "oauth" || allows(caller.token.scopes, action, resource)) return undefined;
  return c.json({ error: "Forbidden", description: `You are missing the following required scopes: ${action}` }, 403);
}

/** @param {import("./http.js").SandboxContext} c */
export function signedInUser(c) {
  const caller = c.get("caller");
  if (caller.kind === "anonymous") throw new Error("the route was not guarded");
  return caller.user;
}

/** @param {import("./http.js").SandboxContext} c */
export function notFound(c) {
  return c.json({ error: "RecordNotFound", description: "Not found" }, 404);
}

/** @param {import("./http.js").SandboxContext} c */
export function noAccess(c) {
  const message =
    "You do not have access to this page. Please contact the account owner of this help desk for further help.";
  return c.json({ error: { title: "Forbidden", message } }, 403);
}

/**
 * @param {import("./account.js").Account} account
 * @param {string | undefined} header
 * @param {number} now
 * @returns {Caller | "bad-token" | "bad-credentials"}
 */
function identify(account, header, now) {
  const [scheme = "", ...rest] = (header ?? "").split(" ");
  const credentials = rest.join(" ").trim();
  if (scheme.toLowerCase() === "bearer") {
    const token = account.tokens.byAccessToken(credentials);
    if (!token || !mayAct(token.user)) return "bad-token";
    token.usedAt = now;
    return { kind: "oauth", user: token.user, token };
  }
  if (scheme.toLowerCase() === "basic") return identifyBasic(account, credentials);
  return { kind: "anonymous" };
}

/**
 * @param {import("./account.js").Account} account
 * @param {string} credentials
 * @returns {Caller | "bad-credentials"}
 */
function identifyBasic(account, credentials) {
  const text = Buffer.from(credentials, "base64").toString("utf8");
  const colon = text.indexOf(":");
  const [name, secret] = colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
  // A password is never right any more, and a wrong one leaves a stranger rather than an error (facts 2 and 7).
  if (!name.endsWith("/token")) return { kind: "anonymous" };
  const user = account.userByEmail(name.slice(0, -"/token".length));
  const known = account.apiTokens.some((token) => token.active && token.value === secret);
  return known && user && mayAct(user) ? { kind: "basic", user } : "bad-credentials";
}

/** @param {import("./http.js").SandboxContext} c */
function invalidToken(c) {
  c.header("www-authenticate", 'Bearer realm="Protected by OAuth 2.0", error="invalid_token"');
  const error_description = "The access token provided is expired, revoked, malformed or invalid for other reasons.";
  return c.json({ error: "invalid_token", error_description }, 401);
}

/** @param {import("./http.js").SandboxContext} c */
function couldNotAuthenticate(c) {
  c.header("www-authenticate", 'Basic realm="Web Password"');
  return c.json({ error: "Couldn't authenticate you" }, 401);
}

/** @param {import("./http.js").SandboxContext} c */
function preflight(c) {
  return c.body(null, 204, {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
    "access-control-allow-headers": "Authorization, Content-Type",
    "access-control-max-age": "600",
  });
}

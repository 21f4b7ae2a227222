import { notFound, requires, signedInUser } from "./api-auth.js";

const VISIBLE_CHARACTERS = 10;

/**
 * Looking at tokens and revoking them (facts 7).
 *
 * @param {import("./http.js").SandboxApp} app
 */
export function oauthTokenRoutes(app) {
  app.get("/api/v2/oauth/tokens", requires("read"), (c) => {
    const tokens = visibleTokens(c).map((record) => tokenJson(c, record));
    return c.json({ tokens, next_page: null, previous_page: null, count: tokens.length });
  });
  app.get("/api/v2/oauth/tokens/current", requires("read"), (c) => {
    const record = currentToken(c);
    return record ? c.json({ token: tokenJson(c, record) }) : notFound(c);
  });
  app.delete("/api/v2/oauth/tokens/current", requires("write"), (c) => revoke(c, currentToken(c)));
  app.get("/api/v2/oauth/tokens/:id{[0-9]+}", requires("read"), (c) => {
    const record = ownToken(c);
    return record ? c.json({ token: tokenJson(c, record) }) : notFound(c);
  });
  app.delete("/api/v2/oauth/tokens/:id{[0-9]+}", requires("write"), (c) => revoke(c, ownToken(c)));
}

/** @param {import("./http.js").SandboxContext} c */
function currentToken(c) {
  const caller = c.get("caller");
  return caller.kind === "oauth" ? caller.token : undefined;
}

/**
 * One's own tokens; an administrator sees everyone's with `all`.
 *
 * @param {import("./http.js").SandboxContext} c
 */
function visibleTokens(c) {
  const user = signedInUser(c);
  const everyone = user.role === "admin" && c.req.query("all") === "true";
  const clientId = c.req.query("client_id") ?? c.req.query("global_client_id");
  return c
    .get("account")
    .tokens.all()
    .filter((record) => everyone || record.user.id === user.id)
    .filter((record) => clientId === undefined || record.client.id === Number(clientId));
}

/** @param {import("./http.js").SandboxContext} c */
function ownToken(c) {
  const user = signedInUser(c);
  const record = c.get("account").tokens.byId(Number(c.req.param("id")));
  return record && (record.user.id === user.id || user.role === "admin") ? record : undefined;
}

/**
 * @param {import("./http.js").SandboxContext} c
 * @param {import("./token-store.js").TokenRecord | undefined} record
 */
function revoke(c, record) {
  if (!record) return notFound(c);
  c.get("account").tokens.delete(record.id);
  return c.body(null, 204);
}

/**
 * @param {import("./http.js").SandboxContext} c
 * @param {import("./token-store.js").TokenRecord} record
 */
function tokenJson(c, record) {
  const { origin } = new URL(c.req.url);
  return {
    id: record.id,
    url: `${origin}/api/v2/oauth/tokens/${record.id}.json`,
    client_id: record.client.id,
    user_id: record.user.id,
    scopes: record.scopes,
    token: cut(record.accessToken),
    refresh_token: cut(record.refreshToken),
    created_at: timestamp(record.createdAt),
    expires_at: timestamp(record.expiresAt),
    refresh_token_expires_at: timestamp(record.refreshTokenExpiresAt),
    used_at: timestamp(record.usedAt),
  };
}

/** @param {string | null} value */
function cut(value) {
  return value === null ? null : value.slice(0, VISIBLE_CHARACTERS);
}

/**
 * Without milliseconds, as Zendesk writes times.
 *
 * @param {number | null} milliseconds
 */
function timestamp(milliseconds) {
  return milliseconds === null ? null : new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, "Z");
}

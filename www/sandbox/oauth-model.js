import OAuth2Server from "@node-oauth/oauth2-server";
import { mayAct } from "./account.js";
import { withinAllowed } from "./scopes.js";
import { jwtToken, opaqueToken } from "./token-store.js";

/**
 * What one request is to make: a code (`authorize`) or a token.
 *
 * @typedef {object} Minting
 * @property {"authorize" | "token"} phase
 * @property {() => number} now
 * @property {string} issuer
 * @property {"opaque" | "jwt"} format
 * @property {number} lifetime  seconds
 * @property {number} refreshLifetime  seconds
 * @property {string} [grantedScope]  what a fault grants in place of what was asked for
 * @property {boolean} checkScope  against the client's allowed scopes
 */

/** The library compares dates with its own clock; expiry was decided by ours, so it is shown a date that never matters. */
const NOT_EXPIRED = () => new Date(Date.now() + 86_400_000);

/** Seconds (facts 3). */
export const CODE_LIFETIME = 120;

const GRANTS = {
  confidential: ["authorization_code", "refresh_token", "client_credentials"],
  public: ["authorization_code", "refresh_token"],
};

/**
 * The model of one request at one account, for @node-oauth/oauth2-server.
 *
 * @param {import("./account.js").Account} account
 * @param {Record<string, string>} parameters
 * @param {Minting} minting
 */
export function oauthModel(account, parameters, minting) {
  return {
    /**
     * @param {string} identifier
     * @param {string | null | undefined} secret
     */
    async getClient(identifier, secret) {
      const client = account.client(identifier);
      if (!client) return undefined;
      if (minting.phase === "token" && !authenticates(client, secret ?? undefined, parameters)) return undefined;
      return { ...client, id: client.identifier, grants: GRANTS[client.kind], client };
    },

    /** @param {OAuth2Server.Client} client */
    async getUserFromClient(client) {
      // Acts as whoever made the client (facts 4); a global client's maker is on another account.
      const creator = client.creatorId === null ? undefined : account.user(client.creatorId);
      return creator && mayAct(creator) ? creator : undefined;
    },

    /**
     * @param {OAuth2Server.User} _user
     * @param {OAuth2Server.Client} client
     * @param {string[]} [scope]
     */
    async validateScope(_user, client, scope = []) {
      if (scope.length === 0) return undefined;
      // An unknown name passes: it yields a token that may do nothing (facts 5).
      const within = scope.every((name) => withinAllowed(client.allowedScopes, name));
      return within || !minting.checkScope ? scope : undefined;
    },

    /**
     * @param {OAuth2Server.Client} client
     * @param {OAuth2Server.User} user
     * @param {string[]} scope
     */
    async generateAccessToken(client, user, scope) {
      if (minting.format === "opaque") return opaqueToken();
      const issuedAt = minting.now();
      return jwtToken({
        issuer: minting.issuer,
        clientId: client.id,
        userId: user.id,
        scope: scope.join(" "),
        issuedAt,
        expiresAt: issuedAt + minting.lifetime * 1000,
      });
    },

    async generateRefreshToken() {
      return opaqueToken();
    },

    async generateAuthorizationCode() {
      return opaqueToken();
    },

    /**
     * @param {Pick<OAuth2Server.AuthorizationCode, "authorizationCode" | "redirectUri" | "scope" | "codeChallenge" | "codeChallengeMethod">} code
     * @param {OAuth2Server.Client} client
     * @param {OAuth2Server.User} user
     */
    async saveAuthorizationCode(code, client, user) {
      account.codes.set(code.authorizationCode, {
        ...code,
        scope: code.scope ?? [],
        expiresAt: minting.now() + CODE_LIFETIME * 1000,
        client: client.client,
        user: /** @type {import("./seed.js").User} */ (user),
      });
      return { ...code, expiresAt: NOT_EXPIRED(), client, user };
    },

    /** @param {string} value */
    async getAuthorizationCode(value) {
      const code = account.codes.get(value);
      if (!code || code.expiresAt <= minting.now()) return undefined;
      // RFC 6749 section 5.2 calls a redirect_uri that does not match invalid_grant; the library has invalid_request.
      if (parameters.redirect_uri !== code.redirectUri && parameters.client_id === code.client.identifier) {
        account.codes.delete(value);
        throw new OAuth2Server.InvalidGrantError("redirect_uri does not match");
      }
      return { ...code, expiresAt: NOT_EXPIRED(), client: { id: code.client.identifier, grants: [] } };
    },

    /** @param {OAuth2Server.AuthorizationCode} code */
    async revokeAuthorizationCode(code) {
      return account.codes.delete(code.authorizationCode);
    },

    /** @param {string} value */
    async getRefreshToken(value) {
      const record = account.tokens.byRefreshToken(value);
      if (!record || !mayAct(record.user)) return undefined;
      // Here and not later, so that a scope that is refused does not spend the token.
      const asked = parameters.scope?.split(" ").filter(Boolean) ?? [];
      if (!asked.every((scope) => record.scopes.includes(scope))) {
        throw new OAuth2Server.InvalidScopeError("exceeds the granted scope");
      }
      return {
        refreshToken: value,
        scope: record.scopes,
        client: { id: record.client.identifier, grants: [] },
        user: record.user,
        recordId: record.id,
      };
    },

    /** @param {OAuth2Server.RefreshToken} token */
    async revokeToken(token) {
      return account.tokens.delete(token.recordId);
    },

    /**
     * @param {OAuth2Server.Token} token
     * @param {OAuth2Server.Client} client
     * @param {OAuth2Server.User} user
     */
    async saveToken(token, client, user) {
      const now = minting.now();
      const record = account.tokens.add({
        accessToken: token.accessToken,
        refreshToken: token.refreshToken ?? null,
        client: client.client,
        user: /** @type {import("./seed.js").User} */ (user),
        scopes: minting.grantedScope?.split(" ") ?? token.scope ?? [],
        expiresAt: now + minting.lifetime * 1000,
        refreshTokenExpiresAt: token.refreshToken ? now + minting.refreshLifetime * 1000 : null,
      });
      return { accessToken: record.accessToken, scope: record.scopes, client, user, record };
    },

    /** The library asks every model for this; bearer tokens are checked in api-auth.js. */
    async getAccessToken() {
      return undefined;
    },
  };
}

/**
 * @param {import("./seed.js").Client} client
 * @param {string | undefined} secret
 * @param {Record<string, string>} parameters
 */
function authenticates(client, secret, parameters) {
  if (secret !== undefined) return secret === client.secret;
  if (client.kind === "public") return true;
  // With PKCE the secret is not required (facts 4).
  return parameters.grant_type === "authorization_code" && parameters.code_verifier !== undefined;
}

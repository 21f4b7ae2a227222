import { createHmac, randomBytes } from "node:crypto";

/**
 * One grant: Zendesk keeps the access and the refresh token in one record, under one id (facts 7).
 *
 * @typedef {object} TokenRecord
 * @property {number} id
 * @property {string} accessToken
 * @property {string | null} refreshToken
 * @property {import("./seed.js").Client} client
 * @property {import("./seed.js").User} user
 * @property {string[]} scopes
 * @property {number} createdAt
 * @property {number} expiresAt
 * @property {number | null} refreshTokenExpiresAt
 * @property {number | null} usedAt
 */

export class TokenStore {
  /** @type {Map<number, TokenRecord>} */
  #records = new Map();
  #nextId = 70_001;
  #now;

  /** @param {() => number} now */
  constructor(now) {
    this.#now = now;
  }

  /** @param {Omit<TokenRecord, "id" | "createdAt" | "usedAt">} grant */
  add(grant) {
    const record = { ...grant, id: this.#nextId++, createdAt: this.#now(), usedAt: null };
    this.#records.set(record.id, record);
    return record;
  }

  /** @param {string} accessToken */
  byAccessToken(accessToken) {
    return this.all().find((record) => record.accessToken === accessToken && record.expiresAt > this.#now());
  }

  /** @param {string} refreshToken */
  byRefreshToken(refreshToken) {
    return this.all().find(
      (record) => record.refreshToken === refreshToken && (record.refreshTokenExpiresAt ?? 0) > this.#now(),
    );
  }

  /** @param {number} id */
  byId(id) {
    return this.#records.get(id);
  }

  /**
   * Takes the access and the refresh token at once; false where they were gone already.
   *
   * @param {number} id
   */
  delete(id) {
    return this.#records.delete(id);
  }

  clear() {
    this.#records.clear();
  }

  /** @returns {TokenRecord[]} */
  all() {
    return [...this.#records.values()];
  }
}

/** As the documented sample: 32 characters without meaning. */
export function opaqueToken() {
  return randomBytes(16).toString("hex");
}

/**
 * Under enforced expiry users have seen JWTs of the type `at+jwt` (facts 4).
 *
 * @param {{ issuer: string, clientId: string, userId: number, scope: string, issuedAt: number, expiresAt: number }} claims
 */
export function jwtToken({ issuer, clientId, userId, scope, issuedAt, expiresAt }) {
  const part = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = [
    part({ alg: "HS256", typ: "at+jwt" }),
    part({
      iss: issuer,
      sub: String(userId),
      client_id: clientId,
      scope,
      iat: Math.floor(issuedAt / 1000),
      exp: Math.floor(expiresAt / 1000),
      jti: opaqueToken(),
    }),
  ].join(".");
  return `${signed}.${createHmac("sha256", randomBytes(32)).update(signed).digest("base64url")}`;
}

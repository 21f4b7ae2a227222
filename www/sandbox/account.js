import { randomBytes } from "node:crypto";
import { TokenStore } from "./token-store.js";

/**
 * @typedef {object} CodeRecord
 * @property {string} authorizationCode
 * @property {number} expiresAt
 * @property {string} redirectUri
 * @property {string[]} scope
 * @property {string} [codeChallenge]
 * @property {string} [codeChallengeMethod]
 * @property {import("./seed.js").Client} client
 * @property {import("./seed.js").User} user
 *
 * @typedef {{ id: string, userId: number, csrfToken: string }} Session
 */

/** One help desk: its people, its clients, and what it has handed out. */
export class Account {
  /** @type {Map<string, CodeRecord>} */
  codes = new Map();
  /** @type {Map<string, Session>} */
  #sessions = new Map();

  /**
   * @param {import("./seed.js").AccountSeed} seed
   * @param {() => number} now
   */
  constructor(seed, now) {
    this.subdomain = seed.subdomain;
    this.name = seed.name;
    this.users = seed.users;
    this.clients = seed.clients;
    this.apiTokens = seed.apiTokens;
    this.tickets = seed.tickets;
    this.tokens = new TokenStore(now);
  }

  /** @param {string} identifier */
  client(identifier) {
    return this.clients.find((client) => client.identifier === identifier);
  }

  /** @param {number} id */
  user(id) {
    return this.users.find((user) => user.id === id);
  }

  /** @param {string} email */
  userByEmail(email) {
    return this.users.find((user) => user.email === email.trim().toLowerCase());
  }

  /** @param {import("./seed.js").User} user */
  signIn(user) {
    const session = { id: randomToken(), userId: user.id, csrfToken: randomToken() };
    this.#sessions.set(session.id, session);
    return session;
  }

  /** @param {string | undefined} id */
  session(id) {
    return id === undefined ? undefined : this.#sessions.get(id);
  }

  /** @param {string} id */
  signOut(id) {
    this.#sessions.delete(id);
  }
}

/** @param {import("./seed.js").User} user */
export function mayAct(user) {
  return user.verified && !user.suspended;
}

function randomToken() {
  return randomBytes(24).toString("base64url");
}

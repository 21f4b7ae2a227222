import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandbox } from "../../../www/sandbox/index.js";
import { HAND_OFF } from "../../edge/support.mjs";

/**
 * One request for a token with a refresh token, as the stand-in saw it.
 *
 * @typedef {object} Attempt
 * @property {number} user whose refresh token it was
 * @property {string} presented
 * @property {number | null} status null before it was answered
 * @property {number} at its place among all requests
 */

/** A stand-in whose clock the test moves, with as many people as are needed, and what it has granted to whom. */
export async function startStandIn() {
  const clock = { ahead: 0 };
  const sandbox = await startSandbox({ now: () => Date.now() + clock.ahead });
  const acme = sandbox.account("acme");
  const client = acme.client("acme_custom");
  if (!client) throw new Error("the stand-in has no client `acme_custom`");
  /** Oldest first, also those that were used up since. @type {import("../../../www/sandbox/token-store.js").TokenRecord[]} */
  const grants = [];
  const add = acme.tokens.add.bind(acme.tokens);
  acme.tokens.add = (grant) => {
    const record = add(grant);
    grants.push(record);
    return record;
  };

  return {
    sandbox,
    clock,
    grants,

    /** Somebody with an account here. @param {string} name */
    addPerson(name) {
      const id = 9001 + acme.users.length;
      const email = `${name}@acme.example`;
      acme.users.push({ id, name, email, password: "", role: "agent", verified: true, suspended: false });
      return id;
    },

    /** What a person's consent brings: a code, and the verifier of its challenge. @param {number} id */
    consent(id) {
      const codeVerifier = randomBytes(32).toString("base64url");
      const code = randomBytes(16).toString("hex");
      const user = acme.user(id);
      if (!user) throw new Error(`nobody has the id ${id}`);
      acme.codes.set(code, {
        authorizationCode: code,
        expiresAt: Date.now() + clock.ahead + 120_000,
        redirectUri: HAND_OFF,
        scope: ["read", "write"],
        codeChallenge: createHash("sha256").update(codeVerifier).digest("base64url"),
        codeChallengeMethod: "S256",
        client,
        user,
      });
      return { code, codeVerifier };
    },

    /** Whose access token this is that still works; undefined: nobody's. @param {string} authorization */
    takes: (authorization) => acme.tokens.byAccessToken(authorization.replace(/^Bearer /, ""))?.user.id,

    /** Resolves when all that was sent to it so far is in its log: it has answered since, and nothing more has come. */
    async hasHeard() {
      for (let quiet = 0; quiet < 5; ) {
        const answer = await fetch(`http://127.0.0.1:${sandbox.port}/`, { headers: { connection: "close" } });
        await answer.text();
        const known = sandbox.requests.length;
        await sleep(20);
        quiet = sandbox.requests.length === known ? quiet + 1 : 0;
      }
    },

    /** Every refresh that was asked for, in order. @returns {Attempt[]} */
    attempts() {
      const owners = new Map(grants.map(({ refreshToken, user }) => [refreshToken, user.id]));
      return sandbox.requests.flatMap(({ url, body, status }, at) => {
        if (url !== "/oauth/tokens") return [];
        const { grant_type, refresh_token: presented } = JSON.parse(body);
        return grant_type === "refresh_token" ? [{ user: owners.get(presented) ?? 0, presented, status, at }] : [];
      });
    },

    /** Whether anybody has used a grant, from a place in the log on: its access token or its refresh token. */
    wasUsed(
      /** @type {import("../../../www/sandbox/token-store.js").TokenRecord} */ { accessToken, refreshToken },
      from = 0,
    ) {
      return sandbox.requests
        .slice(from)
        .some(
          ({ headers, body }) =>
            headers.authorization?.includes(accessToken) || (refreshToken !== null && body.includes(refreshToken)),
        );
    },
  };
}

/** @typedef {Awaited<ReturnType<typeof startStandIn>>} StandIn */

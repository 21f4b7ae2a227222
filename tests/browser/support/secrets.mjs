import { API_TOKENS, SECRETS } from "../../../www/sandbox/index.js";

/**
 * @typedef {{ kind: "client secret" | "API token" | "code" | "code_verifier" | "token" | "key", value: string }} KnownSecret
 * @typedef {import("./recorder.mjs").Sighting} Sighting
 */

/**
 * Everything secret that the stand-in was told or gave out, and the worker's own keys.
 *
 * @param {import("./world.mjs").World} world
 * @param {string[]} [typed]  further client secrets that were typed into the form
 * @returns {KnownSecret[]}
 */
export function knownSecrets({ sandbox, worker }, typed = []) {
  /** @type {Map<string, KnownSecret["kind"]>} */
  const known = new Map();
  for (const value of [...Object.values(SECRETS), ...typed]) known.set(value, "client secret");
  for (const value of Object.values(API_TOKENS)) known.set(value, "API token");
  for (const value of [worker.adminKey, ...worker.sealingKeys.map(({ key }) => key)]) known.set(value, "key");
  for (const { url, body, headers } of sandbox.requests) {
    if (url.startsWith("/oauth/tokens")) {
      const { code, code_verifier, client_secret } = parameters(body);
      if (code) known.set(code, "code");
      if (code_verifier) known.set(code_verifier, "code_verifier");
      if (client_secret) known.set(client_secret, "client secret");
    }
    const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
    if (bearer) known.set(bearer, "token");
  }
  for (const subdomain of ["acme", "globex"]) {
    const account = sandbox.account(subdomain);
    for (const code of account.codes.keys()) known.set(code, "code");
    for (const { accessToken, refreshToken } of account.tokens.all()) {
      known.set(accessToken, "token");
      if (refreshToken) known.set(refreshToken, "token");
    }
  }
  return [...known].map(([value, kind]) => ({ kind, value }));
}

/**
 * Every place where a secret stands in the clear, or in an encoding that anybody can undo.
 *
 * @param {Sighting[]} sightings
 * @param {KnownSecret[]} secrets
 */
export function leaks(sightings, secrets) {
  const spellings = secrets.flatMap(({ kind, value }) => spellingsOf(value).map((spelling) => ({ kind, spelling })));
  return sightings.flatMap(({ where, text }) =>
    spellings.filter(({ spelling }) => text.includes(spelling)).map(({ kind }) => ({ kind, where, text })),
  );
}

/** @param {string} value */
export function spellingsOf(value) {
  const bytes = Buffer.from(value);
  const spellings = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), bytes.toString("hex")];
  // Inside a longer text, base64 depends on where the value begins: three ways, without the uncertain ends.
  for (const shift of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]);
    const whole = shifted.subarray(0, shifted.length - (shifted.length % 3));
    const certain = whole.toString("base64url").slice(shift === 0 ? 0 : 4);
    spellings.push(certain, certain.replaceAll("-", "+").replaceAll("_", "/"));
  }
  return [...new Set(spellings)];
}

/** @param {string} body */
function parameters(body) {
  try {
    return JSON.parse(body);
  } catch {
    return Object.fromEntries(new URLSearchParams(body));
  }
}

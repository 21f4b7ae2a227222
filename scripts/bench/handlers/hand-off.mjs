// The hand-off as one would write it without this package: what the two handlers on the peers' libraries share.
import { CompactEncrypt, compactDecrypt, jwtVerify } from "jose";
import { account, redirectUri, sealingKey, send, store } from "./shared.mjs";

/** @typedef {{ access_token: string, refresh_token?: string, expires_in?: number, scope?: string }} Tokens */
/** @typedef {{ code: string, codeVerifier: string, subdomain: string, redirectUri: string, profile: string }} HandOff */
/** @typedef {typeof import("./shared.mjs").profile} Profile */

const key = crypto.subtle.importKey("raw", sealingKey, "AES-GCM", false, ["encrypt", "decrypt"]);
const sessionKey = crypto.subtle.importKey("raw", sealingKey, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);

export class Refusal extends Error {
  /** @param {number} status @param {string} code */
  constructor(status, code) {
    super(code);
    this.status = status;
  }
}

/** @param {string} place @param {unknown} record */
export async function seal(place, record) {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(record)))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: "k1", place })
    .encrypt(await key);
}

/** @param {string} place @param {string} sealed */
export async function open(place, sealed) {
  const { plaintext, protectedHeader } = await compactDecrypt(sealed, await key);
  if (protectedHeader.place !== place) throw new Refusal(500, "seal_broken");
  return JSON.parse(new TextDecoder().decode(plaintext));
}

/**
 * Session check, body, profile; then the exchange, which is the library's; then who it is, sealed and stored.
 * @param {string | null | undefined} authorization
 * @param {unknown} body
 * @param {(profile: Profile, asked: HandOff) => Promise<Tokens>} exchange
 */
export async function handOff(authorization, body, exchange) {
  const session = await sessionOf(authorization);
  const asked = judged(body);
  const place = `profiles/default/${asked.profile}`;
  const stored = await store.get(place);
  if (!stored) throw new Refusal(404, "profile_not_found");
  /** @type {Profile} */
  const profile = await open(place, stored.value);
  if (asked.subdomain !== profile.subdomain) throw new Refusal(422, "subdomain_mismatch");
  const tokens = await exchange(profile, asked);
  const [{ user }, { token }] = await Promise.all([
    ask("/api/v2/users/me.json", tokens.access_token),
    ask("/api/v2/oauth/tokens/current.json", tokens.access_token),
  ]);
  if (!user?.id) throw new Refusal(422, "identity_anonymous");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${session.sub}/${profile.subdomain}`));
  const id = btoa(String.fromCharCode(...new Uint8Array(digest).subarray(0, 16)));
  const connection = {
    id,
    subdomain: profile.subdomain,
    owner: session.sub,
    user: { id: user.id, name: user.name, email: user.email, role: user.role },
    scope: token?.scopes?.join(" ") ?? tokens.scope,
    expiresAt: new Date(Date.now() + (tokens.expires_in ?? 1800) * 1000).toISOString(),
  };
  const where = `connections/default/${id}`;
  const earlier = await store.get(where);
  const sealed = await seal(where, { ...connection, tokens });
  if (!(await store.put(where, sealed, { expectedVersion: earlier?.version ?? null })))
    throw new Refusal(503, "connection_not_stored");
  return connection;
}

/** @param {string | null | undefined} authorization */
async function sessionOf(authorization) {
  const token = authorization?.match(/^Bearer (.+)$/)?.[1];
  if (!token) throw new Refusal(401, "session_missing");
  try {
    return (await jwtVerify(token, await sessionKey, { algorithms: ["HS256"], audience: "session" })).payload;
  } catch {
    throw new Refusal(401, "session_invalid");
  }
}

/** @param {unknown} body @returns {HandOff} */
function judged(body) {
  const fields = /** @type {HandOff} */ (Object(body));
  for (const name of /** @type {const} */ (["code", "codeVerifier", "subdomain", "redirectUri", "profile"])) {
    if (typeof fields[name] !== "string" || !fields[name]) throw new Refusal(422, "field_required");
  }
  if (fields.redirectUri !== redirectUri) throw new Refusal(422, "redirect_uri_not_allowed");
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(fields.subdomain)) throw new Refusal(422, "subdomain_character");
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(fields.codeVerifier)) throw new Refusal(422, "code_verifier_invalid");
  return fields;
}

/** @param {string} path @param {string} token @returns {Promise<any>} */
async function ask(path, token) {
  const answer = await send(`${account}${path}`, {
    headers: { authorization: `Bearer ${token}`, accept: "application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Refusal(502, "zendesk_unavailable");
  return answer.json();
}

/** @param {unknown} error */
export function refused(error) {
  const { status, message } = error instanceof Refusal ? error : new Refusal(502, "token_refused");
  return /** @type {const} */ ({ status, body: { type: `urn:error:${message}`, code: message, status } });
}

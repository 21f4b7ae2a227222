// Runs Zendesk's answers through the edge entry of the npm package: a whole exchange for each, with a `fetch` that gives
// the vector's answer. No import leads out of this folder, so that every runtime can run it.
import { isExpected, judgeEach, Mismatch, same } from "./judging.mjs";

/** @typedef {import("./judging.mjs").Vector} Vector */
/** @typedef {Pick<typeof import("zendesk-auth/edge"), "createEdge"> & typeof import("zendesk-auth/stores/memory")} Api */
/** @typedef {{ url: string, init: RequestInit }} Sent */
/** @typedef {(path: string) => Response} Zendesk */

const publicUrl = "https://app.example/zendesk";
const redirectUri = "https://app.example/callback";
const adminKey = "an-admin-key-of-more-than-32-characters";
const clientSecret = "d1e2f3a4b5c6d7e8f9a0";
const code = "7xqwtlf3rrdj8uyeb1yf";
const codeVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const accessToken = "gErypPlm4dOVgGRvA1ZzMH5MQ3nLo8bo";
const now = Date.parse("2026-11-01T10:00:05.000Z");
/** Seconds that count where Zendesk does not say. */
const assumedLifetime = 1800;

const paths = {
  "token-responses.json": "/oauth/tokens",
  "users-me.json": "/api/v2/users/me.json",
  "current-token.json": "/api/v2/oauth/tokens/current.json",
};
const usual = {
  "/oauth/tokens": () =>
    Response.json({ access_token: accessToken, token_type: "bearer", scope: "read write" }, { status: 201 }),
  "/api/v2/users/me.json": () =>
    Response.json({ user: { id: 7, name: "Jane Doe", email: "jane@acme.com", role: "admin" } }),
  "/api/v2/oauth/tokens/current.json": () => Response.json({ error: "RecordNotFound" }, { status: 404 }),
};

/** The files of vectors that the edge entry can run. */
export const files = /** @type {(keyof typeof paths)[]} */ (Object.keys(paths));

/**
 * @param {Api} api
 * @param {keyof typeof paths} file
 * @param {any[]} data the parsed file
 */
export async function runEdgeVectors(api, file, data) {
  const path = paths[file];
  return judgeEach(data, async (vector) => {
    const { status, text, sent } = await exchange(api, (asked) =>
      asked === path ? answerOf(vector) : usual[/** @type {keyof typeof usual} */ (asked)](),
    );
    onlyTheAccount(sent, path);
    const shown = [
      clientSecret,
      codeVerifier,
      code,
      accessToken,
      vector.grant?.accessToken,
      vector.grant?.refreshToken,
    ];
    if (shown.some((secret) => secret?.length > 8 && text.includes(secret)))
      throw new Mismatch("the answer shows a secret");

    const isTolerated = file === "current-token.json" && (/40[34]|429/.test(vector.status) || vector.status >= 500);
    if (vector.code !== undefined && !isTolerated) return refused(vector, status, JSON.parse(text));
    same("status", status, 201);
    connected(vector, JSON.parse(text), text);
  });
}

/** @param {Vector} vector @param {number} status @param {any} problem */
function refused(vector, status, problem) {
  if (status < 400) throw new Mismatch(`accepted in place of ${vector.code}`);
  if (!isExpected(vector.code ?? [], problem.code))
    throw new Mismatch(`refused with ${problem.code} in place of ${vector.code}`);
  same("status", problem.status, status);
  if (!problem.detail) throw new Mismatch("the problem says nothing");
  if ("error" in vector) same("error", problem.error, vector.error);
  if ("errorDescription" in vector) same("errorDescription", problem.errorDescription, vector.errorDescription);
  // A date is made into seconds before the service sees it.
  const retryAfter = vector.retryAfterByDate ?? vector.retryAfterSeconds;
  if ("retryAfterSeconds" in vector) same("retryAfter", problem.retryAfter ?? null, retryAfter);
}

/** @param {Vector} vector @param {any} connection @param {string} text */
function connected(vector, connection, text) {
  const { grant, user, token } = vector;
  same("connection", [connection.status, connection.subdomain, connection.subject], ["active", "acme", "integration"]);
  const lifetime = grant?.expiresIn ?? assumedLifetime;
  if (!token || "expiresAt" in token) {
    same("expiresAt", Date.parse(connection.expiresAt), toldExpiry(token) ?? now + lifetime * 1000);
  }
  if (!token || "refreshTokenExpiresAt" in token) {
    const seconds = grant?.refreshTokenExpiresIn;
    const expected = seconds ? now + seconds * 1000 : (inFuture(token?.refreshTokenExpiresAt) ?? null);
    const { refreshTokenExpiresAt } = connection;
    same("refreshTokenExpiresAt", refreshTokenExpiresAt && Date.parse(refreshTokenExpiresAt), expected);
  }
  const scopes = grant ? grant.scopes : token?.scopes;
  if (scopes !== undefined) same("granted", connection.scopes.granted.join(" "), scopes ?? "read write");
  for (const [member, value] of Object.entries(user ?? {})) {
    // As it is written: a large id must not have been rounded on the way.
    if (member === "id") same("id", /"user":\{[^}]*"id":(\d+)/.exec(text)?.[1], value);
    else same(member, connection.user[member], value);
  }
}

/** Counted from now where Zendesk says when the token was made: its clock may differ. @param {any} token */
function toldExpiry(token) {
  const told = inFuture(token?.expiresAt);
  const made = Date.parse(token?.createdAt ?? "");
  return told && made ? now + told - made : told;
}

/** @param {string | null | undefined} date */
function inFuture(date) {
  const instant = Date.parse(date ?? "");
  return instant > now ? instant : undefined;
}

/**
 * Every request goes to the account's own host, follows no redirect, and a code is spent once.
 *
 * @param {Sent[]} sent
 * @param {string} path
 */
function onlyTheAccount(sent, path) {
  for (const { url, init } of sent) {
    same("origin", new URL(url).origin, "https://acme.zendesk.com");
    same("redirect", init.redirect, "manual");
  }
  const exchanges = sent.filter(({ url }) => url.endsWith("/oauth/tokens"));
  same("exchanges", exchanges.length, 1);
  const { code: spent, code_verifier, client_secret, expires_in } = JSON.parse(String(exchanges[0]?.init.body));
  same(
    "body",
    { spent, code_verifier, client_secret, expires_in },
    {
      spent: code,
      code_verifier: codeVerifier,
      client_secret: clientSecret,
      expires_in: assumedLifetime,
    },
  );
  if (!sent.some(({ url }) => url.endsWith(path))) throw new Mismatch(`${path} was not asked`);
}

/** @param {Vector} vector */
function answerOf(vector) {
  const { status, retryAfter, body, bodyBase64, padTo } = vector;
  let bytes = bodyBase64
    ? Uint8Array.from(atob(bodyBase64), (character) => character.charCodeAt(0))
    : new TextEncoder().encode(body);
  if (padTo) {
    const padded = new Uint8Array(padTo).fill(32);
    padded.set(bytes);
    bytes = padded;
  }
  const headers = new Headers(retryAfter === undefined ? [] : [["retry-after", retryAfter]]);
  // These may have no body.
  return new Response([204, 304].includes(status) ? null : bytes, { status, headers });
}

/** @param {Api} api @param {Zendesk} zendesk */
async function exchange(api, zendesk) {
  /** @type {Sent[]} */
  const sent = [];
  const edge = api.createEdge({
    publicUrl,
    adminKey,
    sealingKeys: [{ kid: "k1", key: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8" }],
    store: api.memoryStore({ now: () => now }),
    redirectUris: [redirectUri],
    now: () => now,
    fetch: async (input, init = {}) => {
      const url = String(input);
      sent.push({ url, init });
      return zendesk(new URL(url).pathname);
    },
  });
  const post = async (/** @type {string} */ path, /** @type {string} */ bearer, /** @type {object} */ body) => {
    const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
    const request = new Request(publicUrl + path, { method: "POST", headers, body: JSON.stringify(body) });
    const response = await edge.fetch(request);
    return { status: response.status, text: await response.text() };
  };
  const { session } = JSON.parse((await post("/sessions", adminKey, { role: "admin" })).text);
  const form = { name: "Zendesk", subdomain: "acme", clientId: "my_app", clientSecret, scope: "read write" };
  const profile = JSON.parse((await post("/profiles", session, form)).text).id;
  const answer = await post("/oauth/exchange", session, {
    profile,
    code,
    codeVerifier,
    subdomain: "acme",
    redirectUri,
  });
  return { ...answer, sent };
}

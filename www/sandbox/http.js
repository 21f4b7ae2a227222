/**
 * What the routes share.
 *
 * @typedef {object} Settings
 * @property {() => number} now
 * @property {200 | 201} tokenStatus  the documentation says 201, clients have seen 200 (facts 4)
 * @property {"opaque" | "jwt"} tokenFormat
 * @property {"token" | "authorize"} scopeCheckedAt  where a scope outside the client's allowed ones is refused
 * @property {"unsafe-none" | "same-origin"} openerPolicy  Cross-Origin-Opener-Policy of the pages
 *
 * @typedef {object} Variables
 * @property {import("./account.js").Account} account
 * @property {import("./api-auth.js").Caller} caller
 * @property {import("./faults.js").Fault} [fault]
 *
 * @typedef {{ Bindings: import("@hono/node-server").HttpBindings, Variables: Variables }} SandboxEnv
 * @typedef {import("hono").Context<SandboxEnv>} SandboxContext
 * @typedef {import("hono").Hono<SandboxEnv>} SandboxApp
 */

/** A request that names a parameter twice, or gives one a value of the wrong kind. */
export class MalformedParameters extends Error {}

/**
 * @param {URLSearchParams} search
 * @returns {Record<string, string>}
 */
export function singleValues(search) {
  /** @type {Record<string, string>} */
  const values = {};
  for (const [name, value] of search) {
    if (Object.hasOwn(values, name)) throw new MalformedParameters(`The parameter ${name} was given more than once.`);
    values[name] = value;
  }
  return values;
}

/** @param {SandboxContext} c */
export function queryOf(c) {
  return singleValues(new URL(c.req.url).searchParams);
}

/** @param {SandboxContext} c */
export async function formOf(c) {
  return singleValues(new URLSearchParams(await c.req.text()));
}

/**
 * The parameters of a token request, from JSON (documented) or a form (observed) (facts 4).
 *
 * @param {SandboxContext} c
 * @returns {Promise<Record<string, string>>}
 */
export async function jsonOrFormOf(c) {
  const type = mediaType(c);
  if (type === "application/x-www-form-urlencoded") return formOf(c);
  if (type !== "application/json") return {};
  const body = parseJson(await c.req.text());
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new MalformedParameters("The body is not a JSON object.");
  }
  /** @type {Record<string, string>} */
  const values = {};
  for (const [name, value] of Object.entries(body)) {
    if (value === null) continue;
    if (typeof value !== "string" && typeof value !== "number") {
      throw new MalformedParameters(`The parameter ${name} must be a string.`);
    }
    values[name] = String(value);
  }
  return values;
}

/** @param {SandboxContext} c */
function mediaType(c) {
  return (c.req.header("content-type") ?? "").replace(/;.*/s, "").trim().toLowerCase();
}

/**
 * @param {string} text
 * @returns {unknown}
 */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedParameters("The body is not JSON.");
  }
}

/**
 * Adds parameters to a redirect_uri, spaces as `+`, after whatever query it has.
 *
 * @param {string} redirectUri
 * @param {Record<string, string | undefined>} parameters
 */
export function withParameters(redirectUri, parameters) {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.append(name, value);
  }
  return url.href;
}

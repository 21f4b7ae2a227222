// Runs the vectors through the browser entry of the npm package. No import leads out of this folder, so that every
// runtime can run it: the package and the data are passed in.
import { isExpected, judgeEach, Mismatch, same } from "./judging.mjs";

/** @typedef {typeof import("zendesk-auth")} Api */
/** @typedef {import("./judging.mjs").Vector} Vector */
/** @typedef {import("./judging.mjs").Header} Header */
/** @typedef {(api: Api, vector: Vector, header: Header) => void | Promise<void>} Judge */
/** @typedef {{ code?: string | string[], error?: string, errorDescription?: string }} Expectation */
/** @typedef {{ field: string, code: string | string[] }} Expected */

/** @type {Record<string, Judge>} */
const judges = {
  "authorizations.json": authorization,
  "callbacks.json": callback,
  "endpoints.json": endpoint,
  "forms.json": form,
  "pkce.json": pkce,
  "redirect_uris.json": redirectUri,
  "scopes.json": scope,
  "subdomains.json": subdomain,
};

/** The files of vectors that the browser entry can run. */
export const files = Object.keys(judges);

/**
 * @param {Api} api
 * @param {string} file
 * @param {any[]} data the parsed file
 * @returns {Promise<{ count: number, failures: string[] }>}
 */
export async function runVectors(api, file, data) {
  const judge = judges[file];
  if (!judge) throw new Error(`no vectors are run from ${file}`);
  return judgeEach(data, (vector, header) => judge(api, vector, header));
}

/**
 * What `work` returns, or undefined where it was refused as the vector expects. Unexpected success fails too.
 *
 * @template T
 * @param {Api} api
 * @param {Expectation} expected
 * @param {() => T} work
 * @param {string[]} [secrets] texts that no error may show
 * @returns {T | undefined}
 */
function outcome(api, expected, work, secrets = []) {
  let value;
  try {
    value = work();
  } catch (error) {
    if (!(error instanceof api.ZendeskAuthError) || !api.isZendeskAuthError(error)) throw error;
    if (expected.code === undefined) throw new Mismatch(`refused with ${error.code}`);
    if (!isExpected(expected.code, error.code))
      throw new Mismatch(`refused with ${error.code} in place of ${expected.code}`);
    if (!error.message || error.message.includes("\n")) throw new Mismatch("the message is not one line");
    if ("error" in expected) same("error", error.error, expected.error);
    if ("errorDescription" in expected) same("errorDescription", error.errorDescription, expected.errorDescription);
    const shown = `${error.stack} ${JSON.stringify({ ...error, message: error.message })}`;
    if (secrets.some((secret) => secret.length > 8 && shown.includes(secret)))
      throw new Mismatch("the error shows a secret");
    return undefined;
  }
  if (expected.code !== undefined) throw new Mismatch(`accepted in place of ${expected.code}`);
  return value;
}

/** @type {Judge} */
function subdomain(api, vector) {
  const parsed = outcome(api, vector, () => api.parseSubdomain(vector.input));
  if (parsed !== undefined) same("subdomain", parsed, vector.ok);
}

/** @type {Judge} */
function redirectUri(api, vector) {
  const options = { subdomain: "acme", clientId: "my_app", redirectUri: vector.input, scope: "read" };
  const begun = outcome(api, vector, () => api.beginAuthorization(options));
  if (begun === undefined) return;
  same("transaction", begun.transaction.redirectUri, vector.input);
  same("redirect_uri", new URL(begun.authorizationUrl).searchParams.getAll("redirect_uri"), [vector.input]);
}

/** @type {Judge} */
function scope(api, vector) {
  const parsed = outcome(api, vector, () => api.parseScope(vector.input));
  if (parsed === undefined) return;
  same("scope", parsed.scope, vector.scope);
  same("scopes", parsed.scopes, vector.scopes);
  if (!parsed.warnings.every((warning) => warning.message)) throw new Mismatch("a warning says nothing");
  same(
    "warnings",
    parsed.warnings.map(({ message, ...told }) => told),
    vector.warnings,
  );
}

/** @type {Judge} */
function endpoint(api, vector) {
  const custom = vector.endpoint === "authorization" ? "authorizationUrl" : "tokenUrl";
  const resolve = () =>
    api.endpoints({
      subdomain: vector.subdomain,
      ...(vector.template !== undefined && { accountTemplate: vector.template }),
      ...(vector.custom !== undefined && { [custom]: vector.custom }),
    });
  if (vector.origin !== undefined) {
    /** @type {ReturnType<typeof resolve>} */
    let resolved;
    try {
      resolved = resolve();
    } catch (error) {
      if (api.isZendeskAuthError(error)) return;
      throw error;
    }
    same("origin", new URL(resolved[custom]).origin, vector.origin);
    return;
  }
  const resolved = outcome(api, vector, resolve);
  if (resolved === undefined) return;
  same("url", resolved[custom], vector.url);
  same("origin", resolved.origin, new URL(resolved[custom]).origin);
}

/** @type {Judge} */
function authorization(api, vector) {
  const { options, random } = vector;
  const begin = () =>
    api.beginAuthorization({ ...options, tenant: "shop-7", subject: "jane", profile: "p1", now: 1795000000000 });
  const begun = outcome(api, vector, () => withRandom(random, begin));
  if (begun === undefined) return;
  const { authorizationUrl, transaction } = begun;
  const url = new URL(authorizationUrl);
  same("endpoint", authorizationUrl.split("?")[0], vector.endpoint);
  same("fragment", url.hash, "");
  const names = [...url.searchParams.keys()];
  same("names", names.length, new Set(names).size);
  same("query", Object.fromEntries(url.searchParams), vector.query);
  same("transaction", transaction, {
    version: 1,
    state: vector.query.state,
    codeVerifier: vector.codeVerifier,
    subdomain: "acme",
    tenant: "shop-7",
    subject: "jane",
    profile: "p1",
    redirectUri: options.redirectUri,
    createdAt: 1795000000000,
  });
}

/** @type {Judge} */
async function pkce(api, vector) {
  if (vector.random) {
    const made = withRandom(vector.random, () => api.createPkce());
    const { codeVerifier, codeChallenge } = vector;
    same("pkce", made, { codeVerifier, codeChallenge, codeChallengeMethod: "S256" });
  }
  const { transaction } = api.beginAuthorization({
    subdomain: "acme",
    clientId: "my_app",
    redirectUri: "https://app.example/callback",
    scope: "read",
  });
  const url = `https://app.example/callback?code=abc&state=${transaction.state}`;
  const stored = { ...transaction, codeVerifier: vector.codeVerifier };
  const expected = vector.code === undefined ? {} : { code: "transaction_invalid" };
  const checked = outcome(api, expected, () => api.checkCallback(url, stored));
  if (checked === undefined) return;
  same("code_verifier", checked.codeVerifier, vector.codeVerifier);
  same("code_challenge", vector.codeChallenge, await challengeOf(checked.codeVerifier));
}

/** @type {Judge} */
async function callback(api, vector, header) {
  const transaction = { ...header.transaction, ...vector.transaction };
  const url = vector.url + (vector.append ? vector.append.text.repeat(vector.append.times) : "");
  const check = (/** @type {string | URL} */ location) =>
    api.checkCallback(location, structuredClone(transaction), { ...vector.expect, now: header.now });
  const secrets = [transaction.state, transaction.codeVerifier];
  const checked = outcome(api, vector, () => check(url), secrets);
  if (URL.canParse(url)) outcome(api, vector, () => check(new URL(url)), secrets);
  if (checked === undefined) return;

  const { codeVerifier, subdomain, redirectUri, tenant, subject = "", profile } = transaction;
  same("callback", checked, { code: vector.ok.code, codeVerifier, subdomain, redirectUri, tenant, subject, profile });
  /** @type {unknown[]} */
  const sent = [];
  const answer = { id: "c1", subdomain };
  const connection = await api.exchange("https://worker.example/oauth/exchange", checked, {
    fetch: async (input, init) => {
      sent.push([String(input), init?.method, init?.redirect, JSON.parse(String(init?.body))]);
      return Response.json(answer, { status: 201 });
    },
  });
  same("connection", connection, answer);
  const body = { profile, code: vector.ok.code, codeVerifier, subdomain, redirectUri, tenant, subject };
  same("hand-off", sent, [["https://worker.example/oauth/exchange", "POST", "manual", body]]);
}

/** @type {Judge} */
function form(api, vector) {
  const options = vector.accountTemplate === undefined ? {} : { accountTemplate: vector.accountTemplate };
  const result = outcome(api, vector, () => api.validateForm(vector.kind, vector.values, options));
  if (result === undefined) return;
  told("problems", result.problems, vector.problems, vector.mayAlso);
  told("warnings", result.warnings, vector.warnings);
  same("valid", result.valid, vector.problems.length === 0);
  for (const [field, value] of Object.entries(vector.normalised ?? {})) same(field, result.values[field], value);
  if (Object.getPrototypeOf(result.values) !== Object.prototype)
    throw new Mismatch("the values have another prototype");
}

/**
 * Each expected problem once and no other, in any order.
 *
 * @param {string} what
 * @param {{ field: string, code: string, message: string }[]} got
 * @param {Expected[]} expected
 * @param {Expected[]} mayAlso
 */
function told(what, got, expected, mayAlso = []) {
  const left = [...expected];
  for (const { field, code, message } of got) {
    if (!message) throw new Mismatch(`${what}: ${code} says nothing`);
    const fits = (/** @type {Expected} */ entry) => ["*", field].includes(entry.field) && isExpected(entry.code, code);
    const found = left.findIndex(fits);
    if (found >= 0) left.splice(found, 1);
    else if (!mayAlso.some(fits)) throw new Mismatch(`${what}: ${field}: ${code} was not expected`);
  }
  same(`${what} that did not come`, left, []);
}

/** Far from the present, and from each other: what was drawn for one vector is too old for the next. */
let present = 0;

/**
 * Lets the host's random source give these bytes, over and over.
 *
 * @template T
 * @param {string} hex
 * @param {() => T} work
 */
function withRandom(hex, work) {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
  const value = (/** @type {Uint8Array} */ buffer) => {
    if (buffer.length % bytes.length !== 0) throw new Mismatch(`asked for ${buffer.length} random bytes`);
    for (let at = 0; at < buffer.length; at += bytes.length) buffer.set(bytes, at);
    return buffer;
  };
  Object.defineProperty(globalThis.crypto, "getRandomValues", { value, configurable: true });
  const { now } = Date;
  present += 10_000;
  Date.now = () => present;
  try {
    return work();
  } finally {
    Date.now = now;
    // The prototype's own function shows again.
    Reflect.deleteProperty(globalThis.crypto, "getRandomValues");
  }
}

/** @param {string} codeVerifier */
async function challengeOf(codeVerifier) {
  const hash = await globalThis.crypto.subtle.digest("SHA-256", new TextEncoder().encode(codeVerifier));
  const base64 = btoa(String.fromCharCode(...new Uint8Array(hash)));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import { PASSWORD, SECRETS, startSandbox } from "../../www/sandbox/index.js";

export const REDIRECT_URI = "http://localhost:8787/oauth/callback";
const TIMEOUT = 20_000;

/**
 * @typedef {{ status: number, headers: import("node:http").IncomingHttpHeaders, text: string, json: any }} Answer
 * @typedef {{ method?: string, headers?: Record<string, string>, body?: string, json?: unknown, form?: Record<string, string> }} Asking
 */

/** A stand-in with a clock that the test moves. */
export async function sandboxWithClock(
  /** @type {import("../../www/sandbox/index.js").SandboxOptions} */ options = {},
) {
  const clock = { now: Date.parse("2026-11-23T12:00:00Z") };
  const sandbox = await startSandbox({ now: () => clock.now, ...options });
  return {
    sandbox,
    advance: (/** @type {number} */ seconds) => {
      clock.now += seconds * 1000;
    },
  };
}

/**
 * Node cannot resolve *.localhost, so this connects to loopback and names the host in the header.
 *
 * @param {{ port: number }} sandbox
 * @param {string} subdomain
 * @param {string} path
 * @param {Asking} [asking]
 * @returns {Promise<Answer>}
 */
export function ask(sandbox, subdomain, path, asking = {}) {
  const { body, type } = bodyOf(asking);
  const headers = { host: `${subdomain}.localhost:${sandbox.port}`, ...type, ...asking.headers };
  const method = asking.method ?? (body === undefined ? "GET" : "POST");
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: "127.0.0.1",
        port: sandbox.port,
        path,
        method,
        headers,
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT),
      },
      async (response) => {
        try {
          let text = "";
          for await (const chunk of response.setEncoding("utf8")) text += chunk;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) });
        } catch (error) {
          reject(error);
        }
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** @param {Asking} asking */
function bodyOf({ body, json, form }) {
  if (json !== undefined) return { body: JSON.stringify(json), type: { "content-type": "application/json" } };
  if (form) {
    const type = { "content-type": "application/x-www-form-urlencoded" };
    return { body: new URLSearchParams(form).toString(), type };
  }
  return { body, type: {} };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function pkce() {
  const codeVerifier = randomBytes(32).toString("base64url");
  const codeChallenge = createHash("sha256").update(codeVerifier).digest("base64url");
  return { codeVerifier, parameters: { code_challenge: codeChallenge, code_challenge_method: "S256" } };
}

/**
 * @param {Record<string, string | undefined>} [parameters]  undefined leaves one out
 */
export function authorizePath(parameters = {}) {
  const all = {
    response_type: "code",
    client_id: "acme_custom",
    redirect_uri: REDIRECT_URI,
    scope: "read",
    state: "a state",
    ...parameters,
  };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return `/oauth/authorizations/new?${new URLSearchParams(/** @type {[string, string][]} */ (given))}`;
}

/**
 * @param {{ port: number }} sandbox
 * @param {string} subdomain
 * @param {string} email
 */
export async function signIn(sandbox, subdomain, email) {
  const answer = await ask(sandbox, subdomain, "/access/login", { form: { email, password: PASSWORD } });
  assert.equal(answer.status, 303);
  return cookieOf(answer);
}

/** @param {Answer} answer */
export function cookieOf(answer) {
  const [cookie] = answer.headers["set-cookie"] ?? [];
  assert.ok(cookie);
  return cookie.replace(/;.*/, "");
}

/**
 * The form of a consent page, as a browser would send it.
 *
 * @param {string} page
 */
export function formOn(page) {
  const form = /<form method="post" action="\/oauth\/authorizations">(.*?)<\/form>/s.exec(page)?.[1] ?? "";
  const inputs = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  return Object.fromEntries(inputs.map(([, name, value]) => [name, unescaped(value ?? "")]));
}

/** @param {string} text */
function unescaped(text) {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/**
 * Goes through consent and returns where the browser is sent.
 *
 * @param {{ port: number }} sandbox
 * @param {{ subdomain?: string, email?: string, decision?: string, parameters?: Record<string, string | undefined> }} [choices]
 */
export async function consent(sandbox, choices = {}) {
  const { subdomain = "acme", email = "ada@acme.example", decision = "allow", parameters } = choices;
  const cookie = await signIn(sandbox, subdomain, email);
  const page = await ask(sandbox, subdomain, authorizePath(parameters), { headers: { cookie } });
  assert.equal(page.status, 200, page.text);
  const form = { ...formOn(page.text), decision };
  const answer = await ask(sandbox, subdomain, "/oauth/authorizations", { headers: { cookie }, form });
  assert.equal(answer.status, 302, answer.text);
  return new URL(answer.headers.location ?? "");
}

/** @param {Parameters<typeof consent>} choices */
export async function newCode(...choices) {
  const code = (await consent(...choices)).searchParams.get("code");
  assert.ok(code);
  return code;
}

/**
 * @param {{ port: number }} sandbox
 * @param {Record<string, unknown>} parameters
 * @param {string} [subdomain]
 */
export function askForToken(sandbox, parameters, subdomain = "acme") {
  return ask(sandbox, subdomain, "/oauth/tokens", { json: parameters });
}

/**
 * @param {string} code
 * @param {Record<string, unknown>} [more]
 */
export function exchangeOf(code, more = {}) {
  return {
    grant_type: "authorization_code",
    code,
    redirect_uri: REDIRECT_URI,
    client_id: "acme_custom",
    client_secret: SECRETS.acme_custom,
    ...more,
  };
}

/**
 * A token of acme_custom for a user and a scope, by consent.
 *
 * @param {{ port: number }} sandbox
 * @param {{ email?: string, scope?: string, more?: Record<string, unknown> }} [choices]
 */
export async function newToken(sandbox, { email, scope = "read write", more } = {}) {
  const answer = await askForToken(sandbox, exchangeOf(await newCode(sandbox, { email, parameters: { scope } }), more));
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

/** @param {string} token */
export function bearer(token) {
  return { headers: { authorization: `Bearer ${token}` } };
}

/**
 * @param {string} name
 * @param {string} secret
 */
export function basic(name, secret) {
  return { headers: { authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}` } };
}

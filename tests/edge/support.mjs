import assert from "node:assert/strict";
import { createEdge } from "zendesk-auth/edge";
import { memoryStore } from "zendesk-auth/stores/memory";
import { SECRETS, startSandbox } from "../../www/sandbox/index.js";
import { ask, formOn, signIn } from "../sandbox/support.mjs";
import { loopbackFetch } from "./loopback.mjs";
import { described } from "./openapi.mjs";

export { loopbackFetch };
export const PUBLIC_URL = "http://localhost:8787";
export const HAND_OFF = "http://localhost:8787/console/callback";
export const ADMIN_KEY = "admin-key-of-the-test-0123456789abcdef";
export const SEALING_KEY = Buffer.alloc(32, 7);

/**
 * @typedef {import("zendesk-auth/edge").EdgeConfig} EdgeConfig
 * @typedef {{ status: number, headers: Headers, text: string, json: any }} Reply
 */

/** @returns {EdgeConfig} */
export function configuration() {
  return {
    publicUrl: PUBLIC_URL,
    adminKey: ADMIN_KEY,
    sealingKeys: [{ kid: "k1", key: SEALING_KEY.toString("base64url") }],
    store: memoryStore(),
    redirectUris: [HAND_OFF],
    returnTo: ["http://localhost:8787/"],
  };
}

/**
 * A worker before a stand-in for Zendesk, in one process.
 *
 * @param {Partial<EdgeConfig>} [options]
 * @param {import("../../www/sandbox/index.js").SandboxOptions} [ofSandbox]
 */
export async function world(options = {}, ofSandbox = {}) {
  const sandbox = await startSandbox(ofSandbox);
  /** @type {import("zendesk-auth/edge").EdgeEvent[]} */
  const events = [];
  const config = {
    ...configuration(),
    accountTemplate: sandbox.accountTemplate,
    fetch: loopbackFetch,
    onEvent: (/** @type {import("zendesk-auth/edge").EdgeEvent} */ event) => void events.push(event),
    ...options,
  };
  const edge = described(createEdge(config));
  const call = caller(edge);
  const session = (await call("POST", "/sessions", { bearer: ADMIN_KEY, json: { role: "admin" } })).json.session;
  return { sandbox, config, edge, call, session, events, store: config.store };
}

/** @param {import("zendesk-auth/edge").Edge} edge */
export function caller(edge) {
  /**
   * @param {string} method
   * @param {string} path
   * @param {{ bearer?: string, json?: unknown, headers?: Record<string, string> }} [asking]
   * @returns {Promise<Reply>}
   */
  return async (method, path, { bearer, json, headers = {} } = {}) => {
    const request = new Request(new URL(path, PUBLIC_URL), {
      method,
      headers: {
        ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const response = await described(edge).fetch(request);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
  };
}

/** @param {Record<string, string>} [changes] */
export function form(changes = {}) {
  return {
    name: "Acme",
    subdomain: "acme",
    clientId: "acme_custom",
    clientSecret: SECRETS.acme_custom,
    scope: "read write",
    ...changes,
  };
}

/**
 * A person on Zendesk's page: signs in, decides, and is sent back.
 *
 * @param {{ port: number }} sandbox
 * @param {string} authorizationUrl
 * @param {{ decision?: string, email?: string }} [choices]
 */
export async function decide(sandbox, authorizationUrl, { decision = "allow", email = "ada@acme.example" } = {}) {
  const url = new URL(authorizationUrl);
  const subdomain = url.hostname.split(".")[0] ?? "";
  const cookie = await signIn(sandbox, subdomain, email);
  const page = await ask(sandbox, subdomain, url.pathname + url.search, { headers: { cookie } });
  assert.equal(page.status, 200, page.text);
  const answer = await ask(sandbox, subdomain, "/oauth/authorizations", {
    headers: { cookie },
    form: { ...formOn(page.text), decision },
  });
  assert.equal(answer.status, 302, answer.text);
  return new URL(answer.headers.location ?? "");
}

/** @param {Reply} reply  what a browser keeps of its cookies */
export function cookiesOf(reply) {
  return reply.headers
    .getSetCookie()
    .map((cookie) => cookie.replace(/;.*/, ""))
    .join("; ");
}

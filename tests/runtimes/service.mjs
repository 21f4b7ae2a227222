// The worker before the stand-in, in whatever runtime this is. Imports nothing but the package and what lies beside it.
import { beginAuthorization, checkCallback, exchange } from "zendesk-auth";
import { createEdge } from "zendesk-auth/edge";
import { memoryStore } from "zendesk-auth/stores/memory";

export const PUBLIC_URL = "http://localhost:8787";
export const HAND_OFF = `${PUBLIC_URL}/console/callback`;
export const ADMIN_KEY = "an-admin-key-of-more-than-32-characters";

/**
 * @typedef {object} World what the suite is given
 * @property {string} url of tests/runtimes/world.mjs
 * @property {string} accountTemplate
 * @property {Record<string, string>} secrets
 * @property {Record<string, string>} apiTokens
 * @property {{ clientId: string, clientSecret: string, scope: string }} systemClient
 * @property {Record<string, any[]>} vectors
 * @property {boolean} isServer where scripts may read and write cookies
 * @property {Modules} modules
 *
 * @typedef {Record<"browser" | "edge", WebAssembly.Module>} Modules compiled as this runtime does it
 * @typedef {{ status: number, headers: Headers, text: string, json: any }} Reply
 */

/**
 * @param {string} url
 * @param {boolean} isServer
 * @param {Modules} modules
 * @returns {Promise<World>}
 */
export async function worldAt(url, isServer, modules) {
  return { url, isServer, modules, .../** @type {any} */ (await (await fetch(`${url}/world`)).json()) };
}

/**
 * @param {World} world
 * @param {string} path
 * @param {object} [json]
 * @returns {Promise<any>}
 */
export async function told(world, path, json = {}) {
  const answer = await fetch(world.url + path, { method: "POST", body: JSON.stringify(json) });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return answer.json();
}

/** The runtime's own fetch, by way of the relay. @param {World} world @returns {typeof fetch} */
function relayed(world) {
  return async (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set("x-relay-to", String(input));
    const answer = await fetch(`${world.url}/relay`, { ...init, headers });
    const status = Number(answer.headers.get("x-relay-status"));
    const kept = JSON.parse(answer.headers.get("x-relay-headers") ?? "{}");
    const isEmpty = [204, 205, 304].includes(status) || init.method === "HEAD";
    return new Response(isEmpty ? null : answer.body, { status, headers: kept });
  };
}

/**
 * A worker with an admin's session and a profile.
 * @param {World} world
 * @param {Partial<import("zendesk-auth/edge").EdgeConfig>} [options]
 */
export async function service(world, options = {}) {
  /** @type {import("zendesk-auth/edge").EdgeEvent[]} */
  const events = [];
  const edge = createEdge({
    publicUrl: PUBLIC_URL,
    adminKey: ADMIN_KEY,
    sealingKeys: [{ kid: "k1", key: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8" }],
    store: memoryStore(),
    redirectUris: [HAND_OFF],
    systemClient: world.systemClient,
    accountTemplate: world.accountTemplate,
    fetch: relayed(world),
    onEvent: (event) => void events.push(event),
    ...options,
  });
  /**
   * @param {string} method
   * @param {string} path
   * @param {string} bearer
   * @param {object} [json]
   * @param {Record<string, string>} [more]
   * @returns {Promise<Reply>}
   */
  const call = async (method, path, bearer, json, more = {}) => {
    const headers = {
      ...more,
      ...(bearer && { authorization: `Bearer ${bearer}` }),
      ...(json && { "content-type": "application/json" }),
    };
    const init = { method, headers, ...(json && { body: JSON.stringify(json) }) };
    const answer = await edge.fetch(new Request(new URL(path, PUBLIC_URL), init));
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get("content-type") ?? "");
    return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : undefined };
  };
  const admin = (await call("POST", "/sessions", ADMIN_KEY, { role: "admin" })).json.session;
  const profile = (await call("POST", "/profiles", admin, form(world))).json.id;
  return { world, edge, call, events, admin, profile };
}

/** @typedef {Awaited<ReturnType<typeof service>>} Service */

/** @param {World} world @param {Record<string, string>} [changes] */
export function form(world, changes = {}) {
  const clientSecret = world.secrets.acme_custom ?? "";
  return { name: "Acme", subdomain: "acme", clientId: "acme_custom", clientSecret, scope: "read write", ...changes };
}

/**
 * The hand-off as a page does it: begins, lets the person decide, and checks the callback.
 * @param {Service} here
 * @param {{ session?: string, subject?: string, decision?: string, profile?: string }} [choices]
 */
export async function handOff(here, { session = here.admin, subject, decision, profile = here.profile } = {}) {
  const { authorizationUrl, transaction } = beginAuthorization({
    subdomain: "acme",
    clientId: "acme_custom",
    redirectUri: HAND_OFF,
    scope: "read write",
    profile,
    accountTemplate: here.world.accountTemplate,
    ...(subject && { subject }),
  });
  const { location } = await told(here.world, "/decide", { authorizationUrl, ...(decision && { decision }) });
  const callback = checkCallback(location, transaction);
  return () =>
    exchange(`${PUBLIC_URL}/oauth/exchange`, callback, {
      fetch: (input, init) => here.edge.fetch(new Request(input, init)),
      headers: { authorization: `Bearer ${session}` },
    });
}

/** @param {Reply} reply  what a browser keeps of its cookies */
export const cookiesOf = ({ headers }) =>
  (headers.getSetCookie?.() ?? [headers.get("set-cookie") ?? ""]).map((cookie) => cookie.replace(/;.*/, "")).join("; ");

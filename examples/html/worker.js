import { createEdge } from "zendesk-auth/edge";
import { memoryStore } from "zendesk-auth/stores/memory";

/**
 * @typedef {object} Env
 * @property {string} PUBLIC_URL  where browsers reach this worker: `https://desk.example.com`
 * @property {string} ADMIN_KEY
 * @property {string} SEALING_KEYS  JSON: `[{ "kid": "2026-11", "key": "<32 bytes, base64url>" }]`
 * @property {string} SYSTEM_CLIENT  JSON: `{ "clientId": "zdg-…", "clientSecret": "…", "scope": "read write" }`
 * @property {string} [ACCOUNT_TEMPLATE]  where the accounts are; Zendesk unless told
 * @property {{ fetch(request: Request): Promise<Response> }} ASSETS  what is in public/
 */

/** In place of your own sign-in: whoever opens the page is Jane. */
const visitor = { id: "jane" };

/** @type {import("zendesk-auth/edge").Edge | undefined} */
let edge;

export default {
  /**
   * @param {Request} request
   * @param {Env} env
   * @param {{ waitUntil(work: Promise<unknown>): void }} context
   */
  async fetch(request, env, context) {
    const publicUrl = `${env.PUBLIC_URL}/zendesk`;
    edge ??= createEdge({
      publicUrl,
      adminKey: env.ADMIN_KEY,
      sealingKeys: JSON.parse(env.SEALING_KEYS),
      systemClient: JSON.parse(env.SYSTEM_CLIENT),
      returnTo: [`${env.PUBLIC_URL}/`], // where a redirect may end, should the browser block the popup
      product: "Example Desk",
      store: memoryStore(), // for a first try: it forgets
      ...(env.ACCOUNT_TEMPLATE && { accountTemplate: env.ACCOUNT_TEMPLATE }),
    });

    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/zendesk/")) return edge.fetch(request, context);
    if (pathname === "/api/zendesk-session" && request.method === "POST") {
      // The admin key stays here; the page gets a session of 15 minutes for its visitor alone.
      return edge.fetch(
        new Request(`${publicUrl}/sessions`, {
          method: "POST",
          headers: { authorization: `Bearer ${env.ADMIN_KEY}`, "content-type": "application/json" },
          body: JSON.stringify({ role: "user", subject: visitor.id }),
        }),
      );
    }
    return env.ASSETS.fetch(request);
  },
};

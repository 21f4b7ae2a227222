import { createEdge } from "zendesk-auth/edge";
import { memoryStore } from "zendesk-auth/stores/memory";

/**
 * The worker that the examples in React, Vue and Svelte talk to, on an origin of its own.
 *
 * @typedef {object} Env
 * @property {string} PUBLIC_URL  where browsers reach this worker: `https://auth.example.com`
 * @property {string} APP_URL  where the app is: `https://desk.example.com`
 * @property {string} ADMIN_KEY  which the app's backend has too
 * @property {string} SEALING_KEYS  JSON: `[{ "kid": "2026-11", "key": "<32 bytes, base64url>" }]`
 * @property {string} SYSTEM_CLIENT  JSON: `{ "clientId": "zdg-…", "clientSecret": "…", "scope": "read write" }`
 * @property {string} [ACCOUNT_TEMPLATE]  where the accounts are; Zendesk unless told
 */

/** @type {import("zendesk-auth/edge").Edge | undefined} */
let edge;

export default {
  /**
   * @param {Request} request
   * @param {Env} env
   * @param {{ waitUntil(work: Promise<unknown>): void }} context
   */
  fetch(request, env, context) {
    edge ??= createEdge({
      publicUrl: env.PUBLIC_URL,
      adminKey: env.ADMIN_KEY,
      sealingKeys: JSON.parse(env.SEALING_KEYS),
      systemClient: JSON.parse(env.SYSTEM_CLIENT),
      allowedOrigins: [env.APP_URL], // whose pages may call this worker
      returnTo: [`${env.APP_URL}/`], // where a redirect may end, should the browser block the popup
      redirectUris: [`${env.APP_URL}/zendesk/callback`], // for the hand-off, as the example in Svelte does it
      product: "Example Desk",
      store: memoryStore(), // for a first try: it forgets
      ...(env.ACCOUNT_TEMPLATE && { accountTemplate: env.ACCOUNT_TEMPLATE }),
    });
    return edge.fetch(request, context);
  },
};

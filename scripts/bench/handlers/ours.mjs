import { createEdge } from "zendesk-auth/edge";
import { adminKey, base64urlKey, publicUrl, ready, redirectUri, send, store } from "./shared.mjs";

export const edge = createEdge({
  publicUrl,
  adminKey,
  sealingKeys: [{ kid: "k1", key: base64urlKey }],
  redirectUris: [redirectUri],
  store,
  fetch: /** @type {typeof fetch} */ (send),
});

export default {
  /** @param {Request} request @param {unknown} _env @param {import("zendesk-auth/edge").EdgeContext} [context] */
  async fetch(request, _env, context) {
    await ready;
    return edge.fetch(request, context);
  },
};

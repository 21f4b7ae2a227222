import { memoryStore } from "zendesk-auth/stores/memory";

export const publicUrl = "https://app.example";
export const redirectUri = "https://app.example/oauth/callback";
export const adminKey = "an-admin-key-for-the-benchmark-0123456789";

/**
 * The service in this process, with a clock that is moved by hand, and Zendesk being a function that answers at once.
 * @param {typeof import("zendesk-auth/edge").createEdge} createEdge
 */
export function service(createEdge) {
  const clock = { now: Date.now() };
  const upstream = { refreshes: 0 };
  let tokens = 0;
  const zendesk = (/** @type {unknown} */ input, /** @type {RequestInit | undefined} */ init) => {
    const url = String(input);
    if (url.endsWith("/oauth/tokens")) {
      if (String(init?.body).includes("refresh_token")) upstream.refreshes++;
      const access_token = String(++tokens).padStart(64, "0");
      const granted = { token_type: "bearer", scope: "read", expires_in: 1800, refresh_token_expires_in: 7_776_000 };
      return { access_token, refresh_token: `r${access_token}`, ...granted };
    }
    if (url.endsWith("/users/me.json"))
      return { user: { id: 1, name: "Ada", email: "ada@acme.example", role: "admin" } };
    return { token: { id: 1, user_id: 1, scopes: ["read"] } };
  };
  const edge = createEdge({
    publicUrl,
    adminKey,
    sealingKeys: [{ kid: "k1", key: "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc" }],
    redirectUris: [redirectUri],
    store: memoryStore({ now: () => clock.now }),
    now: () => clock.now,
    fetch: async (input, init) => Response.json(zendesk(input, init)),
  });
  return { edge, clock, upstream };
}

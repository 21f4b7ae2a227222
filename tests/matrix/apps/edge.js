// What every server asks of `zendesk-auth/edge`; copied into each as src/edge.js.
import { createEdge } from "zendesk-auth/edge";
import { memoryStore } from "zendesk-auth/stores/memory";
import { core } from "./core.js";

const publicUrl = "https://app.example/zendesk";
const adminKey = "an-admin-key-of-more-than-32-characters";

const edge = createEdge({
  publicUrl,
  adminKey,
  sealingKeys: [{ kid: "k1", key: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8" }],
  store: memoryStore(),
});

export async function answers() {
  const health = await call("GET", "/healthz");
  const session = await call("POST", "/sessions", adminKey, { role: "user", subject: "jane" });
  const own = await call("GET", "/session", session.body.session);
  const stranger = await call("GET", "/session", "nobody");
  return {
    ...core(),
    health: [health.status, health.body.status],
    session: [session.status, own.status, own.body.role, own.body.subject],
    stranger: [stranger.status, stranger.body.code],
  };
}

/**
 * @param {string} method
 * @param {string} path
 * @param {string} [bearer]
 * @param {object} [json]
 */
async function call(method, path, bearer, json) {
  const headers = {
    ...(bearer && { authorization: `Bearer ${bearer}` }),
    ...(json && { "content-type": "application/json" }),
  };
  const init = { method, headers, ...(json && { body: JSON.stringify(json) }) };
  const answer = await edge.fetch(new Request(publicUrl + path, init));
  return { status: answer.status, body: /** @type {any} */ (await answer.json()) };
}

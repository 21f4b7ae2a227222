// What every handler of the benchmark has: the same store, the same network, the same account.

import { memoryStore } from "zendesk-auth/stores/memory";
import fixture from "#fixture";

/**
 * @typedef {object} Fixture
 * @property {number} port the stand-in's, on loopback
 * @property {Record<string, string>} records what lies in the store, sealed, by key
 */

export const account = "https://acme.zendesk.com";
export const publicUrl = "https://app.example";
export const redirectUri = "https://app.example/oauth/callback";
export const adminKey = "an-admin-key-for-the-benchmark-0123456789";
export const sealingKey = new Uint8Array(32).fill(7);
export const base64urlKey = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
export const profile = {
  name: "Acme",
  subdomain: "acme",
  clientId: "acme_custom",
  clientSecret: "a-client-secret-for-the-benchmark",
  scope: "tickets:read users:read",
};

export const store = memoryStore();
const filled = Object.entries(/** @type {Fixture} */ (fixture).records).map(([key, value]) =>
  store.put(key, value, { expectedVersion: null }),
);

/** Before the first request; costs nothing afterwards. */
export const ready = Promise.all(filled);

/**
 * Zendesk is on loopback here.
 * @param {string | URL | Request} url
 * @param {RequestInit} [init]
 */
export function send(url, init) {
  return fetch(String(url).replace(account, `http://127.0.0.1:${/** @type {Fixture} */ (fixture).port}`), init);
}

import { createAdaptorServer } from "@hono/node-server";
import { Account } from "./account.js";
import { createApp } from "./app.js";
import { Faults } from "./faults.js";
import { DEFAULT_REDIRECT_URIS, seedAccounts } from "./seed.js";

export { API_TOKENS, DEFAULT_REDIRECT_URIS, PASSWORD, SECRETS, SYSTEM_CLIENT } from "./seed.js";

/**
 * @typedef {object} SandboxOptions
 * @property {number} [port]  0, the default: any free one
 * @property {string} [host]  the address to listen on, 127.0.0.1 by default
 * @property {() => number} [now]  milliseconds since the epoch
 * @property {(line: string) => void} [log]
 * @property {string[]} [redirectUris]  registered with every client, next to DEFAULT_REDIRECT_URIS
 * @property {200 | 201} [tokenStatus]  of a token answer, 200 by default
 * @property {"opaque" | "jwt"} [tokenFormat]  opaque by default
 * @property {"token" | "authorize"} [scopeCheckedAt]  where a scope outside the allowed ones is refused, `token` by default
 * @property {"unsafe-none" | "same-origin"} [openerPolicy]  Cross-Origin-Opener-Policy of the pages, `unsafe-none` by default
 *
 * @typedef {object} Sandbox
 * @property {number} port
 * @property {(subdomain: string) => string} origin
 * @property {string} accountTemplate
 * @property {import("./app.js").RequestRecord[]} requests  every request, oldest first
 * @property {Faults} faults
 * @property {(subdomain: string) => Account} account
 * @property {(redirectUri: string) => void} addRedirectUri  registers it with every client
 * @property {() => Promise<void>} close
 */

/**
 * `facts N` in comments here is section N of the notes on how Zendesk behaves that this product was built from.
 *
 * Starts a stand-in for Zendesk on loopback: accounts `acme` and `globex` at http://{subdomain}.localhost:PORT.
 *
 * @param {SandboxOptions} [options]
 * @returns {Promise<Sandbox>}
 */
export async function startSandbox(options = {}) {
  const { port = 0, host = "127.0.0.1", now = Date.now, log } = options;
  const redirectUris = [...DEFAULT_REDIRECT_URIS, ...(options.redirectUris ?? [])];
  const accounts = new Map(seedAccounts(redirectUris).map((seed) => [seed.subdomain, new Account(seed, now)]));
  const faults = new Faults();
  /** @type {import("./app.js").RequestRecord[]} */
  const requests = [];
  const settings = {
    now,
    tokenStatus: options.tokenStatus ?? 200,
    tokenFormat: options.tokenFormat ?? "opaque",
    scopeCheckedAt: options.scopeCheckedAt ?? "token",
    openerPolicy: options.openerPolicy ?? "unsafe-none",
  };
  const app = createApp({ accounts, faults, requests, settings, log });
  const server = /** @type {import("node:http").Server} */ (createAdaptorServer({ fetch: app.fetch }));
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(undefined));
  });
  const actualPort = /** @type {import("node:net").AddressInfo} */ (server.address()).port;
  const accountTemplate = `http://{subdomain}.localhost:${actualPort}`;
  return {
    port: actualPort,
    origin: (subdomain) => accountTemplate.replace("{subdomain}", subdomain),
    accountTemplate,
    requests,
    faults,
    account(subdomain) {
      const account = accounts.get(subdomain);
      if (!account) throw new Error(`the stand-in has no account \`${subdomain}\``);
      return account;
    },
    addRedirectUri(redirectUri) {
      if (!redirectUris.includes(redirectUri)) redirectUris.push(redirectUri);
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

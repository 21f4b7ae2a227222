// One isolate: prints what it holds after so many requests, for each number given.
import assert from "node:assert/strict";
import { adminKey, publicUrl, redirectUri, service } from "../service.mjs";

/** @type {WebAssembly.Memory[]} */
const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = new Proxy(Instance, {
  construct(target, [module, imports]) {
    const instance = new target(module, imports);
    memories.push(/** @type {WebAssembly.Memory} */ (instance.exports.memory));
    return instance;
  },
});
const { createEdge } = await import("zendesk-auth/edge");

const { edge, clock } = service(createEdge);

/** @param {string} method @param {string} path @param {string} bearer @param {unknown} [json] @param {number} [status] */
async function ask(method, path, bearer, json, status = 200) {
  const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
  const body = json === undefined ? null : JSON.stringify(json);
  const answer = await edge.fetch(new Request(`${publicUrl}${path}`, { method, headers, body }));
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  return text;
}
const mint = async () =>
  JSON.parse(await ask("POST", "/sessions", adminKey, { role: "admin", expiresIn: 86_400 }, 201)).session;
const admin = await mint();
const form = { name: "Acme", subdomain: "acme", clientId: "acme_custom", clientSecret: "a-secret", scope: "read" };
const profile = JSON.parse(await ask("POST", "/profiles", admin, form, 201)).id;
const handOff = { profile, code: "0123456789abcdef", codeVerifier: "v".repeat(43), subdomain: "acme", redirectUri };
const { id } = JSON.parse(await ask("POST", "/oauth/exchange", admin, handOff, 201));

/** Of every ten: hand-offs, refreshes, reads, a new session, and refusals. */
const kinds = [
  () => ask("POST", "/oauth/exchange", admin, handOff, 201),
  () => ask("POST", `/connections/${id}/refresh`, adminKey, {}),
  () => ask("GET", `/connections/${id}/credentials`, adminKey),
  () => ask("GET", `/connections/${id}`, admin),
  () => ask("GET", "/connections", admin),
  () => ask("GET", "/integration", admin),
  mint,
  () => ask("GET", "/connections", "not-a-session", undefined, 401),
  () => ask("POST", "/oauth/exchange", admin, { ...handOff, subdomain: "not one" }, 422),
  () => ask("GET", "/nowhere", admin, undefined, 404),
];

const held = [];
let done = 0;
for (const count of process.argv.slice(2).map(Number)) {
  for (; done < count; done++) {
    await kinds[done % kinds.length]?.();
    clock.now += 5;
  }
  held.push(await measured());
}
console.log(JSON.stringify(held));

async function measured() {
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    globalThis.gc?.();
  }
  const wasm = memories.reduce((sum, each) => sum + each.buffer.byteLength, 0);
  const { heapUsed, external } = process.memoryUsage();
  // Node counts a WebAssembly memory as external, or does not, by its version; here it is counted once.
  return { requests: done, wasm, heap: heapUsed, external: Math.max(0, external - wasm) };
}

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { SECRETS, startSandbox } from "../../www/sandbox/index.js";
import { ask, consent } from "../sandbox/support.mjs";

const WORKER_URL = "https://auth.example.com";
const APP_URL = "https://app.example.com";
const ADMIN_KEY = "an-admin-key-for-this-test-that-is-long-enough";

/** @type {any} */
const world = globalThis;
const ownFetch = world.fetch;

/** @type {Awaited<ReturnType<typeof startSandbox>>} */
let sandbox;
before(async () => {
  sandbox = await startSandbox({ redirectUris: [`${APP_URL}/callback`] });
});
after(async () => {
  world.fetch = ownFetch;
  await sandbox.close();
});

/**
 * The snippet of the README under `<!-- run: name -->`, as a module.
 * @param {string} name
 */
async function snippet(name) {
  const [, code] = readFileSync(inRoot("README.md"), "utf8").split(`<!-- run: ${name} -->\n\`\`\`js\n`);
  assert.ok(code, `README.md has no snippet to run that is called ${name}`);
  const folder = inRoot("target", "readme");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, code.slice(0, code.indexOf("\n```")));
  return import(pathToFileURL(file).href);
}

/** Zendesk's own host name leads to the stand-in, the worker's to the worker. */
function connectTheWorld(
  /** @type {{ fetch(request: Request, env: object, context: object): Promise<Response> }} */ worker,
) {
  const env = {
    PUBLIC_URL: WORKER_URL,
    ADMIN_KEY,
    APP_URL,
    SEALING_KEYS: JSON.stringify([{ kid: "test", key: Buffer.alloc(32, 7).toString("base64url") }]),
  };
  world.fetch = async (/** @type {string | URL | Request} */ resource, /** @type {RequestInit} */ init) => {
    const request = new Request(resource, init);
    const url = new URL(request.url);
    if (url.origin === WORKER_URL) return worker.fetch(request, env, {});
    assert.equal(url.origin, "https://acme.zendesk.com");
    const body = await request.text();
    const answer = await ask(sandbox, "acme", url.pathname + url.search, {
      method: request.method,
      headers: Object.fromEntries(request.headers),
      ...(body && { body }),
    });
    return new Response(answer.text, { status: answer.status, headers: { "content-type": "application/json" } });
  };
}

test("the worker, the backend and the page of the README connect an account together", async () => {
  const worker = (await snippet("worker")).default;
  connectTheWorld(worker);
  Object.assign(world, { WORKER_URL, ADMIN_KEY });
  const { mintSession, allowUsers } = await snippet("backend");
  const clientId = "acme_custom";
  const profile = await allowUsers({ subdomain: "acme", clientId, clientSecret: SECRETS[clientId] });
  assert.equal(profile.clientSecretSet, true, JSON.stringify(profile));
  const { session } = await mintSession("jane");

  const kept = new Map();
  world.sessionStorage = {
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    removeItem: (/** @type {string} */ key) => kept.delete(key),
  };
  /** @type {string[]} */
  const visited = [];
  world.location = { origin: APP_URL, href: `${APP_URL}/`, assign: (/** @type {string} */ url) => visited.push(url) };
  const { connect, finish } = await snippet("frontend");
  connect({ subdomain: "https://acme.zendesk.com/agent", clientId, profile: profile.id, subject: "jane" });
  const authorization = new URL(visited[0] ?? "");
  assert.equal(authorization.origin, "https://acme.zendesk.com");

  const callback = await consent(sandbox, { parameters: Object.fromEntries(authorization.searchParams) });
  world.location.href = callback.href;
  const connection = await finish(WORKER_URL, session);
  assert.equal(connection.status, "active");
  assert.equal(connection.subject, "user:jane");
  assert.equal(connection.user.email, "ada@acme.example");
  assert.deepEqual(connection.scopes.missing, []);
  assert.equal(kept.size, 0);
});

test("the error of the README has the code that is written beside it", async () => {
  /** @type {unknown[]} */
  const said = [];
  const log = console.log;
  console.log = (line) => said.push(line);
  try {
    await snippet("errors");
  } finally {
    console.log = log;
  }
  assert.deepEqual(said, ["subdomain_custom_domain"]);
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SECRETS, SYSTEM_CLIENT, startSandbox } from "../../www/sandbox/index.js";
import { ask, consent } from "../sandbox/support.mjs";
import { imported, snippet } from "./snippets.mjs";
import { visitor } from "./visitor.mjs";

const WORKER_URL = "https://auth.example.com";
const APP_URL = "https://app.example.com";
const ADMIN_KEY = "an-admin-key-for-this-test-that-is-long-enough";
const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;

/** @type {any} */
const world = globalThis;
const ownFetch = world.fetch;

/** @type {Awaited<ReturnType<typeof startSandbox>>} */
let sandbox;
/** @type {{ zendeskSession(visitor: object): Promise<Response>, askToConnect(user: object): Promise<void> }} */
let backend;
/** @type {{ zendeskEvents(request: Request): Promise<Response> }} */
let receiver;
/** What the bot said, and what it was told. */
const said = new Map();
/** @type {Request[]} */
const told = [];
/** @type {Promise<unknown>[]} */
const afterwards = [];

before(async () => {
  sandbox = await startSandbox({ redirectUris: [`${APP_URL}/callback`, `${WORKER_URL}/oauth/callback`] });
  connectTheWorld((await imported("worker")).default);
  Object.assign(world, { WORKER_URL, ADMIN_KEY, WEBHOOK_SECRET });
  world.say = async (/** @type {string} */ user, /** @type {string} */ text) => {
    said.set(user, [...(said.get(user) ?? []), text]);
  };
  // The bot's snippet goes on from the backend's.
  backend = await imported("backend", `${snippet("backend")}\n${snippet("bot")}`);
  receiver = await imported("webhook");
});
after(async () => {
  world.fetch = ownFetch;
  await sandbox.close();
});

/** Zendesk's own host name leads to the stand-in, the worker's to the worker, the app's to the receiver of webhooks. */
function connectTheWorld(
  /** @type {{ fetch(request: Request, env: object, context: object): Promise<Response> }} */ worker,
) {
  const env = {
    PUBLIC_URL: WORKER_URL,
    ADMIN_KEY,
    APP_URL,
    SEALING_KEYS: JSON.stringify([{ kid: "test", key: Buffer.alloc(32, 7).toString("base64url") }]),
    SYSTEM_CLIENT: JSON.stringify(SYSTEM_CLIENT),
    WEBHOOK_SECRET,
  };
  const context = { waitUntil: (/** @type {Promise<unknown>} */ work) => void afterwards.push(work) };
  world.fetch = async (/** @type {string | URL | Request} */ resource, /** @type {RequestInit} */ init) => {
    const request = new Request(resource, init);
    const url = new URL(request.url);
    if (url.origin === WORKER_URL) return worker.fetch(request, env, context);
    if (url.href === `${APP_URL}/zendesk-events`) {
      told.push(request.clone());
      return receiver.zendeskEvents(request);
    }
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

/** An admin's session, and calls with it. */
async function admin() {
  const { session } = await (await backend.zendeskSession({ isAdmin: true })).json();
  const { caller } = await imported("caller");
  return caller(session);
}

test("the worker, the backend and the page of the README connect an account together", async () => {
  const call = await admin();
  const clientId = "acme_custom";
  const client = { subdomain: "acme", clientId, clientSecret: SECRETS[clientId], scope: "read write" };
  const { id } = await call("POST", "/profiles", { name: "Acme", ...client });
  await call("PUT", "/integration", { authorization: "oauth-custom", access: "allow-users", profile: id });
  await call("POST", "/integration/enable");
  const { session } = await (await backend.zendeskSession({ id: "jane", isAdmin: false })).json();

  const kept = new Map();
  world.sessionStorage = {
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    removeItem: (/** @type {string} */ key) => kept.delete(key),
  };
  /** @type {string[]} */
  const visited = [];
  world.location = { origin: APP_URL, href: `${APP_URL}/`, assign: (/** @type {string} */ url) => visited.push(url) };
  const { connect, finish } = await imported("frontend");
  connect({ subdomain: "https://acme.zendesk.com/agent", clientId, profile: id, subject: "jane" });
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

  const { tickets } = await imported("tickets");
  const { tickets: list } = await tickets(connection.id);
  assert.ok(Array.isArray(list));
  await assert.rejects(tickets("nobody"), /^Error: connection_not_found$/);
});

test("the bot of the README sends a link, and hears by a signed webhook that it was followed", async () => {
  const call = await admin();
  await call("PUT", "/integration", { authorization: "oauth-system", access: "allow-users" });
  await call("POST", "/integration/enable");
  await backend.askToConnect({ id: "joe", name: "Joe", email: "ada@acme.example", language: "de" });
  const [request] = said.get("joe");
  const [url] = /https:\/\/auth\.example\.com\/authorize\/\S+/.exec(request) ?? [];
  assert.ok(url, request);

  const joe = visitor(url);
  assert.match(await joe.open(), /Ja, ich bin Joe/);
  await joe.submit({ step: "begin" });
  const zendesk = new URL(leadsTo(await joe.submit({ step: "submit", subdomain: "acme" })));
  assert.equal(zendesk.origin, "https://acme.zendesk.com");
  const callback = await consent(sandbox, { parameters: Object.fromEntries(zendesk.searchParams) });
  assert.match(await joe.open(callback), /data-status="connected"/);
  await Promise.all(afterwards);
  assert.deepEqual(said.get("joe").slice(1), ["Thank you, your account is connected."]);
});

/** Where a page that goes on by itself goes. @param {string} page */
const leadsTo = (page) => /content="0;url=([^"]+)"/.exec(page)?.[1]?.replaceAll("&amp;", "&") ?? page;

test("its receiver takes nothing that the worker did not sign", async () => {
  const genuine = told.at(-1);
  assert.ok(genuine);
  const body = await genuine.clone().text();
  const forged = new Request(genuine.url, { method: "POST", headers: genuine.headers, body: `${body} ` });
  const before = JSON.stringify([...said]);
  assert.equal((await receiver.zendeskEvents(forged)).status, 401);
  assert.equal(JSON.stringify([...said]), before);
  assert.equal((await receiver.zendeskEvents(genuine)).status, 204);
});

test("what the README does every minute can be done", async () => {
  const { default: worker } = await imported("worker");
  // The environment of the first request is the one that counts.
  assert.deepEqual(await worker.scheduled({}, {}, {}), { delivered: 0, expired: 0 });
});

test("the error of the README has the code that is written beside it", async () => {
  /** @type {unknown[]} */
  const logged = [];
  const log = console.log;
  console.log = (line) => logged.push(line);
  try {
    await imported("errors");
  } finally {
    console.log = log;
  }
  assert.deepEqual(logged, ["subdomain_custom_domain"]);
});

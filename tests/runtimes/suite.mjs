// What must hold in every runtime that the package is for, of the packed package: the vectors, all of a connection's life
// before the stand-in for Zendesk, what goes wrong, and what happens at once.
import * as api from "zendesk-auth";
import * as component from "zendesk-auth/connect";
import { createEdge } from "zendesk-auth/edge";
import * as edgeSlim from "zendesk-auth/edge/slim";
import * as slim from "zendesk-auth/slim";
import { memoryStore } from "zendesk-auth/stores/memory";
import { same } from "../artifact/judging.mjs";
import { files as edgeFiles, runEdgeVectors } from "../artifact/run-edge-vectors.mjs";
import { files, runVectors } from "../artifact/run-vectors.mjs";
import { findDifferences } from "../artifact/url-parsers.mjs";
import { ADMIN_KEY, cookiesOf, form, handOff, service, told } from "./service.mjs";

/** @typedef {import("./service.mjs").World} World */
/** @typedef {{ name: string, run: (world: World) => unknown, needsCookies?: boolean }} Test */
/** @typedef {{ name: string, error?: string, skipped?: string }} Result */

/** @type {Test[]} */
export const suite = [
  ...files.map((file) => ({
    name: `vectors: ${file}`,
    run: async (/** @type {World} */ { vectors }) => allRight(await runVectors(api, file, vectors[file] ?? [])),
  })),
  ...edgeFiles.map((file) => ({
    name: `vectors: ${file}`,
    run: async (/** @type {World} */ { vectors }) =>
      allRight(await runEdgeVectors({ createEdge, memoryStore }, file, vectors[file] ?? [])),
  })),
  { name: "this runtime's URL parser reads every accepted URL alike", run: urls },
  { name: "state and verifier are random", run: random },
  { name: "the slim entries start with a module that this runtime compiled", run: slims },
  { name: "the component can be imported", run: imports },
  { name: "hand-off: connect, use, refresh, disconnect", run: life },
  { name: "worker-held: popup, callback, poll", run: workerHeld, needsCookies: true },
  { name: "Basic and OAuth - System", run: otherWays },
  { name: "what a person or Zendesk refuses is told apart", run: refusals },
  { name: "what Zendesk fails at ends in a code", run: failures },
  { name: "what a program gets wrong ends in a code", run: misuse },
  { name: "the runtime's own fetch is called as it wants to be", run: ownFetch },
  { name: "a crowd: every user gets their own connection", run: crowd },
  { name: "a crowd: an expired token is refreshed once", run: oneRefresh },
];

/** @param {Test} test @param {World} world @returns {Promise<Result>} */
export async function runTest({ name, run, needsCookies }, world) {
  if (needsCookies && !world.isServer) return { name, skipped: "browsers keep cookies from scripts" };
  try {
    await run(world);
    return { name };
  } catch (error) {
    return { name, error: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) };
  }
}

/** @param {World} world @returns {Promise<Result[]>} */
export async function runAll(world) {
  const results = [];
  for (const test of suite) results.push(await runTest(test, world));
  return results;
}

/** @param {{ count: number, failures: string[] }} outcome */
function allRight({ count, failures }) {
  if (failures.length > 0) throw new Error(`${failures.length} of ${count}: ${failures.slice(0, 5).join("; ")}`);
}

/** @param {World} world */
function urls({ vectors }) {
  const { accepted, differences } = findDifferences(api, vectors["urltestdata.json"] ?? []);
  same("differences", differences.slice(0, 10), []);
  same("enough", accepted.subdomains > 50 && accepted.endpoints > 20 && accepted.redirectUris > 50, true);
}

function random() {
  const made = Array.from({ length: 100 }, () => [api.createState(), api.createPkce().codeVerifier]).flat();
  same("different", new Set(made).size, 200);
  same("shape", made.filter((token) => !/^[\w-]{43}$/.test(token)).length, 0);
}

/** @param {World} world */
async function slims({ modules }) {
  slim.initSync(modules.browser);
  same("subdomain", slim.parseSubdomain("https://ACME.zendesk.com/agent"), "acme");
  edgeSlim.initSync(modules.edge);
  same(
    "code",
    codeOf(() => edgeSlim.createEdge(/** @type {any} */ ({}))),
    "configuration_invalid",
  );
}

function imports() {
  same("names", Object.keys(component).sort(), ["ZendeskConnectElement", "finishCallback"]);
}

/** @param {World} world */
async function life(world) {
  const here = await service(world);
  const send = await handOff(here);
  const connection = await send();
  same("user", [connection.user.email, connection.status], ["ada@acme.example", "active"]);
  same("scopes", connection.scopes, { requested: ["read", "write"], granted: ["read", "write"], missing: [] });
  const shown = await here.call("GET", `/connections/${connection.id}`, here.admin);
  same("shown", shown.json, connection);
  const again = await send().catch((error) => error);
  same("a code used twice", [again.name, again.code], ["ZendeskAuthError", "invalid_grant"]);

  const own = here.edge.connection(connection.id);
  const tickets = async () => {
    const answer = await own.fetch("/api/v2/tickets.json");
    return [answer.status, /** @type {any} */ (await answer.json()).tickets?.length];
  };
  same("tickets", await tickets(), [200, 2]);
  const first = await own.credentials();
  same("refreshed", (await here.call("POST", `/connections/${connection.id}/refresh`, here.admin)).status, 200);
  same("another token", first.authorization === (await own.credentials()).authorization, false);
  same("tickets with it", await tickets(), [200, 2]);
  same("verified", (await here.call("POST", `/connections/${connection.id}/verify`, here.admin)).json.status, "active");
  const removed = await here.call("DELETE", `/connections/${connection.id}`, here.admin);
  same("revoked", [removed.status, removed.json.revoked], [200, "confirmed"]);
  same("gone", (await here.call("GET", `/connections/${connection.id}`, here.admin)).status, 404);
  same("events", here.events.at(-1)?.type, "connection.removed");
}

/** @param {World} world */
async function workerHeld(world) {
  const here = await service(world);
  const begun = await here.call("POST", "/connections", here.admin, { profile: here.profile });
  const { authorizationUrl, transaction } = begun.json;
  const back = new URL((await told(world, "/decide", { authorizationUrl })).location);
  const path = back.pathname + back.search;
  same("a stranger's browser", (await here.call("GET", path, "")).status, 422);
  const page = await here.call("GET", path, "", undefined, { cookie: cookiesOf(begun) });
  same("page", [page.status, /Ada Byron/.test(page.text)], [200, true]);
  const poll = await here.call("GET", `/transactions/${transaction}`, here.admin);
  same("poll", poll.json.status, "connected");
  same("connection", (await here.call("GET", `/connections/${poll.json.connection}`, here.admin)).status, 200);
}

/** @param {World} world */
async function otherWays(world) {
  const here = await service(world);
  const typed = { subdomain: "acme", email: "ada@acme.example", apiToken: world.apiTokens.acme };
  await here.call("PUT", "/integration", here.admin, { authorization: "basic", access: "pre-authorize" });
  const basic = await here.call("POST", "/connections", here.admin, typed);
  same("basic", [basic.status, basic.json.mechanism, basic.json.user.name], [201, "basic", "Ada Byron"]);
  const wrong = await here.call("POST", "/connections", here.admin, { ...typed, apiToken: "of-nobody" });
  same("wrong token", wrong.status >= 400 && /^[a-z_]+$/.test(wrong.json.code), true);
  await here.call("PUT", "/integration", here.admin, { authorization: "oauth-system", access: "pre-authorize" });
  const begun = await here.call("POST", "/connections", here.admin, {
    authorization: "oauth-system",
    subdomain: "acme",
  });
  same("system", new URL(begun.json.authorizationUrl).searchParams.get("client_id"), world.systemClient.clientId);
}

/** @param {World} world */
async function refusals(world) {
  const here = await service(world);
  same("denied", await codeLater(handOff(here, { decision: "deny" })), "access_denied");
  const saved = await here.call("POST", "/profiles", here.admin, form(world, { clientSecret: "not-the-secret" }));
  same("wrong secret", await codeLater((await handOff(here, { profile: saved.json.id }))()), "invalid_client");
  const send = await handOff(here, { session: "not-a-session" });
  same("no session", await codeLater(send()), "session_invalid");
  const stranger = await here.call("POST", "/sessions", ADMIN_KEY, { role: "user", subject: "jane" });
  const refused = await codeLater((await handOff(here, { session: stranger.json.session, subject: "jane" }))());
  same("not enabled", refused, "integration_not_enabled");
}

/** @param {World} world */
async function failures(world) {
  const here = await service(world);
  const cases = /** @type {const} */ ([
    [{ kind: "drop" }, ["zendesk_unreachable"]],
    [{ kind: "status", status: 503 }, ["zendesk_unavailable"]],
    [{ kind: "status", status: 429, retryAfter: 3 }, ["rate_limited"]],
    [{ kind: "redirect", location: "https://evil.example/" }, ["unexpected_redirect"]],
    [{ kind: "huge", bytes: 5_000_000 }, ["token_response_too_large"]],
    // Some runtimes take an answer that breaks off for one that ended.
    [{ kind: "truncated" }, ["zendesk_unreachable", "token_response_malformed"]],
  ]);
  for (const [fault, codes] of cases) {
    const send = await handOff(here);
    await told(world, "/fault", { target: "token", fault });
    try {
      const code = await codeLater(send());
      if (!(/** @type {readonly string[]} */ (codes).includes(code))) same(JSON.stringify(fault), code, codes);
    } finally {
      await told(world, "/clear");
    }
  }
  same("nothing was stored", (await here.call("GET", "/connections", here.admin)).json.connections, []);
}

function misuse() {
  const { transaction } = api.beginAuthorization({
    subdomain: "acme",
    clientId: "my_app",
    redirectUri: "https://app.example/callback",
    scope: "read",
  });
  const callback = (/** @type {string} */ query) => () =>
    api.checkCallback(`https://app.example/callback?${query}`, transaction);
  same(
    "subdomain",
    codeOf(() => api.parseSubdomain("https://help.acme.com/hc")),
    "subdomain_custom_domain",
  );
  same("state", codeOf(callback("code=a&state=b")), "callback_state_mismatch");
  same("denied", codeOf(callback(`error=access_denied&state=${transaction.state}`)), "access_denied");
  try {
    createEdge(/** @type {any} */ ({ publicUrl: "ftp://x", store: {} }));
    throw new Error("a wrong configuration was accepted");
  } catch (/** @type {any} */ error) {
    const fields = error.problems?.map((/** @type {{ field: string }} */ { field }) => field) ?? [String(error)];
    const missing = ["adminKey", "publicUrl", "sealingKeys", "store"].filter((field) => !fields.includes(field));
    same("every problem is named", missing, []);
  }
}

/** @param {World} world */
async function ownFetch(world) {
  // Nothing listens there, which is not what a fetch says that is called on the wrong object.
  const here = await service(world, { fetch: undefined, accountTemplate: "http://{subdomain}.localhost:1" });
  const basic = { subdomain: "acme", email: "ada@acme.example", apiToken: "invented" };
  await here.call("PUT", "/integration", here.admin, { authorization: "basic", access: "pre-authorize" });
  same("code", (await here.call("POST", "/connections", here.admin, basic)).json.code, "zendesk_unreachable");
  const failed = here.events.find(({ type }) => type === "platform.failed");
  same("event", [failed?.type, /illegal|this|receiver/i.test(JSON.stringify(failed))], ["platform.failed", false]);
}

/** @param {World} world */
async function crowd(world) {
  const here = await service(world);
  const chosen = { authorization: "oauth-custom", access: "allow-users", profile: here.profile };
  await here.call("PUT", "/integration", here.admin, chosen);
  same("enabled", (await here.call("POST", "/integration/enable", here.admin)).json.state, "enabled");
  const subjects = Array.from({ length: 24 }, (_, index) => `user-${index}`);
  const connections = await Promise.all(
    subjects.map(async (subject) => {
      const { session } = (await here.call("POST", "/sessions", ADMIN_KEY, { role: "user", subject })).json;
      return (await handOff(here, { session, subject }))();
    }),
  );
  same("subjects", connections.map(({ subject }) => subject).sort(), subjects.map((each) => `user:${each}`).sort());
  same("ids", new Set(connections.map(({ id }) => id)).size, subjects.length);
}

/** @param {World} world */
async function oneRefresh(world) {
  let late = 0;
  const now = () => Date.now() + late;
  const here = await service(world, { now, store: memoryStore({ now }) });
  const { id } = await (await handOff(here))();
  const exchanges = async () =>
    (await told(world, "/requests")).filter((/** @type {{ url: string }} */ { url }) => url === "/oauth/tokens").length;
  const before = await exchanges();
  late = 45 * 60_000;
  const credentials = await Promise.all(Array.from({ length: 64 }, () => here.edge.connection(id).credentials()));
  same("refreshes", (await exchanges()) - before, 1);
  same("credentials", new Set(credentials.map(({ authorization }) => authorization)).size, 1);
  const answer = await here.edge.connection(id).fetch("/api/v2/users/me.json");
  same("it works", [answer.status, /** @type {any} */ (await answer.json()).user.email], [200, "ada@acme.example"]);
}

/** @param {() => unknown} work */
function codeOf(work) {
  try {
    return `no error but ${JSON.stringify(work())}`;
  } catch (error) {
    return api.isZendeskAuthError(error) ? error.code : String(error);
  }
}

/** @param {Promise<unknown>} work */
async function codeLater(work) {
  try {
    return `no error but ${JSON.stringify(await work)}`;
  } catch (error) {
    return api.isZendeskAuthError(error) ? error.code : String(error);
  }
}

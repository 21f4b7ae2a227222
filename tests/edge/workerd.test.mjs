import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { Miniflare, Response as WorkerResponse } from "miniflare";
import { forWorkerd } from "../../pkg-config/apps.mjs";
import { assertDescribed } from "./openapi.mjs";
import { ADMIN_KEY, configuration, form, PUBLIC_URL } from "./support.mjs";

/** The service is made at module level, where workerd allows neither time, chance nor I/O. */
const source = `
  import { createEdge } from "zendesk-auth/edge";
  import { memoryStore } from "zendesk-auth/stores/memory";
  const edge = createEdge({ ...${JSON.stringify({ ...configuration(), store: undefined })}, store: memoryStore() });
  export default { fetch: (request, env, context) => edge.fetch(request, context) };
`;

/** @type {Miniflare} */
let miniflare;
/** @type {string[]} */
const asked = [];
let delay = () => 0;

before(async () => {
  const bundled = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname },
    outdir: "/",
    ...forWorkerd,
    write: false,
  });
  const [main, wasm] = ["stdin.js", "zendesk_auth_edge.wasm"].map((name) =>
    bundled.outputFiles.find((file) => file.path.endsWith(name)),
  );
  assert.ok(main && wasm);
  miniflare = new Miniflare({
    modules: [
      { type: "ESModule", path: "main.mjs", contents: main.text },
      { type: "CompiledWasm", path: "zendesk_auth_edge.wasm", contents: wasm.contents },
    ],
    compatibilityDate: "2024-01-01",
    outboundService: zendesk,
  });
  await miniflare.ready;
  await allowUsers();
});
after(() => miniflare.dispose());

/** Zendesk for this test: everybody is someone else, known by their code. */
async function zendesk(/** @type {import("miniflare").Request} */ request) {
  const { hostname, pathname } = new URL(request.url);
  asked.push(hostname);
  await new Promise((resolve) => setTimeout(resolve, delay()));
  const token = (request.headers.get("authorization") ?? "").replace("Bearer token-", "");
  if (pathname === "/oauth/tokens") {
    const { code } = /** @type {any} */ (await request.json());
    return WorkerResponse.json({
      access_token: `token-${code}`,
      token_type: "bearer",
      scope: "read write",
      expires_in: 1800,
    });
  }
  if (pathname === "/api/v2/users/me.json")
    return WorkerResponse.json({ user: { id: Number(token), name: `User ${token}` } });
  return WorkerResponse.json({ token: { id: 1, scopes: ["read", "write"], expires_at: null } });
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{ bearer?: string, json?: unknown, cookie?: string }} [asking]
 */
async function call(method, path, { bearer, json, cookie } = {}) {
  const response = await miniflare.dispatchFetch(`${PUBLIC_URL}${path}`, {
    method,
    headers: {
      ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
      ...(json ? { "content-type": "application/json" } : {}),
      ...(cookie ? { cookie } : {}),
    },
    ...(json ? { body: JSON.stringify(json) } : {}),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  const contentType = response.headers.get("content-type") ?? "";
  assertDescribed(method, path.replace(/\?.*/, ""), { status: response.status, contentType, text });
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: text.startsWith("{") ? JSON.parse(text) : {},
  };
}

/** What an admin does before users can authorize. */
async function allowUsers() {
  const admin = await call("POST", "/sessions", { bearer: ADMIN_KEY, json: { role: "admin" } });
  const bearer = admin.json.session;
  const profile = await call("POST", "/profiles", { bearer, json: form() });
  const integration = { authorization: "oauth-custom", access: "allow-users", profile: profile.json.id };
  assert.equal((await call("PUT", "/integration", { bearer, json: integration })).status, 200);
  assert.equal((await call("POST", "/integration/enable", { bearer })).json.state, "enabled");
}

/** @param {string} subject */
async function begin(subject) {
  const user = await call("POST", "/sessions", { bearer: ADMIN_KEY, json: { role: "user", subject } });
  const bearer = user.json.session;
  const begun = await call("POST", "/connections", { bearer, json: {} });
  const state = new URL(begun.json.authorizationUrl).searchParams.get("state");
  const cookie = begun.headers.getSetCookie()[0]?.replace(/;.*/, "") ?? "";
  return { bearer, cookie, transaction: begun.json.transaction, callback: `/oauth/callback?state=${state}&code=` };
}

test("requests that wait for each other's turns in one isolate do not mix or hang", async () => {
  delay = () => Math.random() * 40;
  const people = Array.from({ length: 60 }, (_, index) => 1000 + index);
  const names = await Promise.all(
    people.map(async (id) => {
      const { bearer, cookie, transaction, callback } = await begin(`user-${id}`);
      const page = await call("GET", callback + id, { cookie });
      assert.match(page.text, new RegExp(`as User ${id}\\.`));
      const { json } = await call("GET", `/transactions/${transaction}`, { bearer });
      assert.equal(json.status, "connected");
      return (await call("GET", `/connections/${json.connection}`, { bearer })).json.user.name;
    }),
  );
  assert.deepEqual(
    names,
    people.map((id) => `User ${id}`),
  );
  assert.deepEqual([...new Set(asked)], ["acme.zendesk.com"]);
});

test("a browser that goes away in the middle of a callback takes nobody with it", async () => {
  delay = () => 300;
  const gone = await begin("gone");
  const leaving = new AbortController();
  const answer = miniflare.dispatchFetch(`${PUBLIC_URL}${gone.callback}1`, {
    headers: { cookie: gone.cookie },
    signal: leaving.signal,
  });
  const refused = assert.rejects(answer);
  await new Promise((resolve) => setTimeout(resolve, 100));
  leaving.abort();
  await refused;
  delay = () => 0;
  const stays = await begin("stays");
  assert.match((await call("GET", `${stays.callback}2`, { cookie: stays.cookie })).text, /as User 2\./);
  assert.equal((await call("GET", "/healthz")).json.status, "ok");
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { Miniflare, Response as WorkerResponse } from "miniflare";
import { forWorkerd } from "../../pkg-config/apps.mjs";
import { ADMIN_KEY, configuration, form, HAND_OFF, PUBLIC_URL } from "./support.mjs";

/** A worker whose clock the test moves, and which uses a connection from its own code as well. */
const source = `
  import { createEdge } from "zendesk-auth/edge";
  import { memoryStore } from "zendesk-auth/stores/memory";
  let clock = 0;
  const now = () => Date.now() + clock;
  const options = ${JSON.stringify({ ...configuration(), store: undefined })};
  const edge = createEdge({ ...options, store: memoryStore({ now }), now });
  export default {
    async fetch(request, env, context) {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === "/test/clock") clock += Number(searchParams.get("seconds")) * 1000;
      if (pathname === "/test/own") {
        return edge.connection(searchParams.get("id"), { context }).fetch("/api/v2/tickets.json");
      }
      return pathname.startsWith("/test/") ? new Response() : edge.fetch(request, context);
    },
  };
`;

const mebibyte = 1024 * 1024;
/** @type {Miniflare} */
let miniflare;
/** @type {string} */
let id;
let refreshes = 0;
let pause = 0;
let token = "token-0";
/** @type {{ authorization: string | null, length: number }[]} */
const uploads = [];

/** Zendesk for this test: each refresh makes the token before it worthless. */
async function zendesk(/** @type {import("miniflare").Request} */ request) {
  const { pathname } = new URL(request.url);
  if (pathname === "/oauth/tokens") {
    const { grant_type, refresh_token } = /** @type {any} */ (await request.json());
    if (grant_type === "refresh_token") {
      if (refresh_token !== `refresh-${refreshes}`)
        return WorkerResponse.json({ error: "invalid_grant" }, { status: 400 });
      refreshes++;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    token = `token-${refreshes}`;
    return WorkerResponse.json({
      access_token: token,
      refresh_token: `refresh-${refreshes}`,
      scope: "read write",
      expires_in: 1800,
    });
  }
  const authorization = request.headers.get("authorization");
  if (pathname === "/api/v2/uploads.json") {
    uploads.push({ authorization, length: (await request.arrayBuffer()).byteLength });
    return WorkerResponse.json({ upload: {} }, { status: authorization === `Bearer ${token}` ? 201 : 401 });
  }
  if (authorization !== `Bearer ${token}`) return WorkerResponse.json({ error: "invalid_token" }, { status: 401 });
  if (pathname === "/api/v2/export.json") {
    return new WorkerResponse(new Uint8Array(20 * mebibyte), { headers: { "set-cookie": "a=b", etag: '"1"' } });
  }
  if (pathname === "/api/v2/users/me.json") return WorkerResponse.json({ user: { id: 7, name: "Ada" } });
  return WorkerResponse.json({ token: { id: 1, scopes: ["read", "write"] }, tickets: [] });
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{ json?: unknown, body?: any, bearer?: string, signal?: AbortSignal }} [asking]
 */
function call(method, path, { json, body = json && JSON.stringify(json), bearer = ADMIN_KEY, ...more } = {}) {
  const headers = { authorization: `Bearer ${bearer}`, ...(json ? { "content-type": "application/json" } : {}) };
  const init = { method, headers, body, signal: AbortSignal.timeout(60_000), duplex: /** @type {const} */ ("half") };
  return miniflare.dispatchFetch(`${PUBLIC_URL}${path}`, { ...init, ...more });
}
const later = (/** @type {number} */ seconds) => call("GET", `/test/clock?seconds=${seconds}`);
const authorization = async () =>
  /** @type {any} */ (await (await call("GET", `/connections/${id}/credentials`)).json()).authorization;

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
    compatibilityDate: "2026-04-01",
    outboundService: zendesk,
  });
  await miniflare.ready;
  const { session } = /** @type {any} */ (await (await call("POST", "/sessions", { json: { role: "admin" } })).json());
  const profile = /** @type {any} */ (
    await (await call("POST", "/profiles", { bearer: session, json: form() })).json()
  );
  const exchanged = await call("POST", "/oauth/exchange", {
    bearer: session,
    json: {
      profile: profile.id,
      code: "c",
      codeVerifier: "v".repeat(43),
      subdomain: "acme",
      redirectUri: HAND_OFF,
    },
  });
  id = /** @type {any} */ (await exchanged.json()).id;
});
after(() => miniflare.dispose());

test("a thousand calls on an expired connection cause one refresh", { timeout: 120_000 }, async () => {
  await later(3600);
  pause = 300;
  const before = refreshes;
  const answers = await Promise.all(Array.from({ length: 1000 }, authorization));
  pause = 0;
  assert.deepEqual([...new Set(answers)], [`Bearer token-${before + 1}`]);
  assert.equal(refreshes, before + 1);
});

test("a refresh whose caller has gone away is finished all the same", async () => {
  await later(3600);
  pause = 500;
  const before = refreshes;
  const leaving = new AbortController();
  const gone = assert.rejects(call("GET", `/connections/${id}/credentials`, { signal: leaving.signal }));
  while (refreshes === before) await new Promise((resolve) => setTimeout(resolve, 10));
  leaving.abort();
  await gone;
  pause = 0;
  assert.equal(await authorization(), `Bearer token-${before + 1}`);
  assert.equal(refreshes, before + 1, "what it brought was not lost");
});

test("long bodies stream through in both directions", { timeout: 60_000 }, async () => {
  const down = await call("GET", `/connections/${id}/proxy/api/v2/export.json`);
  assert.deepEqual([down.status, down.headers.get("set-cookie"), down.headers.get("etag")], [200, null, '"1"']);
  assert.equal((await down.arrayBuffer()).byteLength, 20 * mebibyte);
  let left = 64;
  const stream = new ReadableStream({
    pull: (controller) => (left-- > 0 ? controller.enqueue(new Uint8Array(mebibyte / 8)) : controller.close()),
  });
  const up = await call("POST", `/connections/${id}/proxy/api/v2/uploads.json`, { body: stream });
  assert.equal(up.status, 201);
  assert.equal(uploads.at(-1)?.length, 8 * mebibyte);
});

test("a token that Zendesk refuses is refreshed; a short body is sent once more, a long one is not", async () => {
  for (const [length, statuses] of /** @type {[number, number[]][]} */ ([
    [60_000, [201]],
    [mebibyte, [401, 201]],
  ])) {
    await later(120);
    token = "changed behind our back";
    uploads.length = 0;
    for (const status of statuses) {
      const answer = await call("POST", `/connections/${id}/proxy/api/v2/uploads.json`, {
        body: new Uint8Array(length),
      });
      assert.equal(answer.status, status);
      await answer.arrayBuffer();
    }
    assert.deepEqual(
      uploads.map((upload) => upload.length),
      [length, length],
    );
    assert.equal(uploads[1]?.authorization, `Bearer token-${refreshes}`);
  }
});

test("the product's own code needs no key", async () => {
  await later(3600);
  const answer = await call("GET", `/test/own?id=${id}`, { bearer: "nothing" });
  assert.deepEqual(await answer.json(), { token: { id: 1, scopes: ["read", "write"] }, tickets: [] });
});

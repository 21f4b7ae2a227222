import assert from "node:assert/strict";
import { request as connect, createServer } from "node:http";
import { after, before, test } from "node:test";
import { startWorker } from "../../scripts/lib/local-worker.mjs";
import { outbound } from "../../scripts/lib/outbound.mjs";

/** @type {Awaited<ReturnType<typeof startWorker>>} */
let worker;
/** @type {string[]} */
const lines = [];
before(async () => {
  worker = await startWorker({ sandboxPort: 9, log: (line) => lines.push(line) });
});
after(() => worker?.dispose());

/**
 * `fetch` would set these headers itself, as a browser does.
 * @param {string} path
 * @param {{ method?: string, headers?: Record<string, string> }} [options]
 * @returns {Promise<{ status: number, headers: import("node:http").IncomingHttpHeaders, body: string }>}
 */
function call(path, { method = "GET", headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const host = `localhost:${worker.port}`;
    const sent = connect({
      host: "127.0.0.1",
      port: worker.port,
      path,
      method,
      headers: { host, ...headers },
      timeout: 20_000,
    });
    sent.on("response", (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (text) => {
        body += text;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    sent.on("error", reject);
    sent.end();
  });
}

const own = () => ({ origin: worker.url, "sec-fetch-site": "same-origin" });

test("the console's own page gets an admin session, and is told where the accounts are", async () => {
  const { status, headers, body } = await call("/console/session", { method: "POST", headers: own() });
  const session = JSON.parse(body);
  assert.equal(status, 201);
  assert.equal(headers["cache-control"], "no-store");
  assert.equal(session.tenant, "default");
  const bearer = { authorization: `Bearer ${session.session}` };
  const whose = JSON.parse((await call("/session", { headers: bearer })).body);
  assert.equal(whose.role, "admin");
  assert.equal(whose.accountTemplate, "http://{subdomain}.localhost:9");
  assert.equal(whose.callbackUrl, `${worker.url}/oauth/callback`);
  const listed = await call("/profiles", { headers: bearer });
  assert.deepEqual(JSON.parse(listed.body), { profiles: [] });
});

test("it can be tried as an end user, who may do less", async () => {
  const path = "/console/session?role=user&subject=jane";
  const { status, body } = await call(path, { method: "POST", headers: own() });
  assert.equal(status, 201);
  const bearer = { authorization: `Bearer ${JSON.parse(body).session}` };
  const whose = JSON.parse((await call("/session", { headers: bearer })).body);
  assert.deepEqual([whose.role, whose.subject], ["user", "jane"]);
  assert.equal((await call("/profiles", { headers: bearer })).status, 403);
  for (const wrong of ["?role=user", "?role=user&subject=", "?role=owner", "?role=backend&subject=jane"]) {
    const refused = await call(`/console/session${wrong}`, { method: "POST", headers: own() });
    assert.equal(refused.status, 422, wrong);
  }
  const elsewhere = await call(path, { method: "POST", headers: { ...own(), origin: "https://evil.example" } });
  assert.equal(elsewhere.status, 403);
});

test("the operator's own client is offered where the environment has one", async () => {
  const client = { clientId: "zdg-product", clientSecret: "invented-for-this-test", scope: "read" };
  const other = await startWorker({ sandboxPort: 9, bindings: { SYSTEM_CLIENT: JSON.stringify(client) } });
  try {
    const { session } = await (
      await fetch(`${other.url}/sessions`, {
        method: "POST",
        headers: { authorization: `Bearer ${other.adminKey}`, "content-type": "application/json" },
        body: JSON.stringify({ role: "admin" }),
      })
    ).json();
    const answer = await fetch(`${other.url}/integration`, { headers: { authorization: `Bearer ${session}` } });
    const { systemClient } = await answer.json();
    assert.deepEqual(systemClient, { clientId: "zdg-product", scope: "read" });
  } finally {
    await other.dispose();
  }
});

const strangers = {
  "another site's page": { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
  "another port of this machine": { origin: "http://localhost:1", "sec-fetch-site": "same-site" },
  "a page that cannot say where it is from": { origin: "null" },
  "an address typed by the user": { "sec-fetch-site": "none" },
  "no browser at all": {},
};
for (const [who, headers] of Object.entries(strangers)) {
  test(`no session for ${who}`, async () => {
    const { status, body } = await call("/console/session", { method: "POST", headers });
    assert.equal(status, 403);
    assert.ok(!body.includes("eyJ"));
  });
}

test("no session through a name that only points at this machine", async () => {
  const rebound = { ...own(), host: `evil.example:${worker.port}` };
  assert.equal((await call("/console/session", { method: "POST", headers: rebound })).status, 421);
});

test("no session by a mere address", async () => {
  assert.equal((await call("/console/session", { headers: own() })).status, 405);
});

for (const path of ["/", "/console/callback?code=1&state=2", "/console/main.js", "/console/none.js"]) {
  test(`${path} runs nothing that is not the console's own`, async () => {
    const { status, headers } = await call(path);
    assert.equal(status, path.includes("none") ? 404 : 200);
    assert.match(
      String(headers["content-security-policy"]),
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/,
    );
    assert.match(String(headers["content-security-policy"]), /frame-ancestors 'none'/);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["referrer-policy"], "no-referrer");
    assert.equal(headers["cache-control"], "no-store");
  });
}

test("events of the worker are JSON lines, without the session", async () => {
  const { body } = await call("/console/session", { method: "POST", headers: own() });
  const { session } = JSON.parse(body);
  const created = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === "session.created");
  assert.ok(created.length > 0);
  assert.ok(!lines.join("\n").includes(session));
});

test("what the worker sends reaches accounts by name, is reported, and follows no redirect", async () => {
  const account = createServer((request, response) => {
    response.writeHead(302, { location: "http://other.localhost/", "set-cookie": ["a=1", "b=2"] });
    response.end(request.headers.host);
  });
  await new Promise((resolve) => account.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (account.address());
  /** @type {import("../../scripts/lib/outbound.mjs").OutboundRecord[]} */
  const records = [];
  const send = outbound({
    accountTemplate: `http://{subdomain}.localhost:${port}`,
    onOutbound: (each) => records.push(each),
  });
  const { Request } = await import("miniflare");
  try {
    const answer = await send(
      new Request(`http://acme.localhost:${port}/oauth/tokens?x=1`, { method: "POST", body: "hello" }),
    );
    assert.equal(answer.status, 302);
    assert.equal(await answer.text(), `acme.localhost:${port}`);
    assert.deepEqual(answer.headers.getSetCookie(), ["a=1", "b=2"]);
    const stranger = await send(new Request("https://acme.zendesk.com.evil.example/"));
    assert.equal(stranger.status, 502);
    assert.deepEqual(
      records.map(({ method, url, body, status }) => ({ method, url, body, status })),
      [
        { method: "POST", url: `http://acme.localhost:${port}/oauth/tokens?x=1`, body: "hello", status: 302 },
        { method: "GET", url: "https://acme.zendesk.com.evil.example/", body: "", status: 502 },
      ],
    );
  } finally {
    account.close();
  }
});

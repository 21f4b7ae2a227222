import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startSandbox } from "../../www/sandbox/index.js";
import { ask, authorizePath } from "./support.mjs";

/** @type {import("../../www/sandbox/index.js").Sandbox} */
let sandbox;
before(async () => {
  sandbox = await startSandbox();
});
after(() => sandbox.close());

test("listens on loopback and says where its accounts are", () => {
  assert.equal(sandbox.accountTemplate, `http://{subdomain}.localhost:${sandbox.port}`);
  assert.equal(sandbox.origin("acme"), `http://acme.localhost:${sandbox.port}`);
});

test("each subdomain is an account, in any case", async () => {
  for (const subdomain of ["acme", "globex", "ACME"]) {
    const answer = await ask(sandbox, subdomain, "/api/v2/locales/public.json");
    assert.equal(answer.status, 200);
    assert.equal(answer.json.locales[0].locale, "en-US");
  }
});

test("an unclaimed host says that no help desk is configured there", async () => {
  for (const host of [
    "initech.localhost",
    "localhost",
    "acme.evil.example",
    "acme.localhost.evil.example",
    "a.acme.localhost",
  ]) {
    const answer = await ask(sandbox, "acme", "/api/v2/locales/public.json", { headers: { host } });
    assert.equal(answer.status, 404, host);
    assert.match(answer.text, /no help desk configured at this address/);
  }
});

test("the account's own page lists its clients and users", async () => {
  const { text } = await ask(sandbox, "acme", "/");
  for (const shown of [
    "acme_custom",
    "acme_public",
    "acme_narrow",
    "zdg-product",
    "zdg-unapproved",
    "ada@acme.example",
  ]) {
    assert.ok(text.includes(shown), shown);
  }
  assert.ok(!(await ask(sandbox, "globex", "/")).text.includes("acme_custom"));
});

test("pages allow no script and no frame, and tell no other site where the browser came from", async () => {
  const { headers } = await ask(sandbox, "acme", "/access/login");
  const policy = String(headers["content-security-policy"]);
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.equal(headers["referrer-policy"], "same-origin");
  assert.equal(headers["cross-origin-opener-policy"], "unsafe-none");
});

test("the opener policy can be changed", async () => {
  const strict = await startSandbox({ openerPolicy: "same-origin" });
  try {
    const { headers } = await ask(strict, "acme", authorizePath({ client_id: "nobody" }));
    assert.equal(headers["cross-origin-opener-policy"], "same-origin");
  } finally {
    await strict.close();
  }
});

test("records each request whole, and logs none of its query", async () => {
  /** @type {string[]} */
  const lines = [];
  const logged = await startSandbox({ log: (line) => lines.push(line) });
  try {
    await ask(logged, "acme", "/oauth/tokens?code=a-code", { form: { client_secret: "a-secret" } });
    const [request] = logged.requests;
    assert.equal(request?.method, "POST");
    assert.equal(request?.host, `acme.localhost:${logged.port}`);
    assert.equal(request?.url, "/oauth/tokens?code=a-code");
    assert.equal(request?.headers["content-type"], "application/x-www-form-urlencoded");
    assert.equal(request?.body, "client_secret=a-secret");
    assert.equal(request?.status, 400);
    assert.deepEqual(lines, [`POST acme.localhost:${logged.port}/oauth/tokens 400`]);
  } finally {
    await logged.close();
  }
});

test("a body beyond 64 KiB is refused", async () => {
  const answer = await ask(sandbox, "acme", "/oauth/tokens", { form: { code: "a".repeat(70_000) } });
  assert.equal(answer.status, 413);
});

test("a path that does not exist is not found, as page and as API", async () => {
  assert.equal((await ask(sandbox, "acme", "/nowhere")).status, 404);
  const api = await ask(sandbox, "acme", "/api/v2/nowhere.json");
  assert.equal(api.status, 404);
  assert.equal(api.json.error, "InvalidEndpoint");
});

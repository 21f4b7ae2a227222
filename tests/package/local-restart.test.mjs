import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startWorker } from "../../scripts/lib/local-worker.mjs";
import { API_TOKENS, startSandbox } from "../../www/sandbox/index.js";

const folder = mkdtempSync(join(tmpdir(), "zendesk-auth-data-"));
const data = join(folder, "data");
/** @type {Awaited<ReturnType<typeof startSandbox>>} */
let sandbox;
/** @type {Awaited<ReturnType<typeof startWorker>> | undefined} */
let worker;
before(async () => {
  sandbox = await startSandbox();
});
after(async () => {
  await worker?.dispose();
  await sandbox?.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = async () => {
  worker = await startWorker({ sandboxPort: sandbox.port, data });
  return worker;
};

/**
 * @param {string} method
 * @param {string} path
 * @param {string} bearer
 * @param {unknown} [json]
 */
async function call(method, path, bearer, json) {
  const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json", connection: "close" };
  const body = json === undefined ? undefined : JSON.stringify(json);
  const answer = await fetch(`${worker?.url}${path}`, { method, headers, ...(body && { body }) });
  return { status: answer.status, json: /** @type {any} */ (await answer.json()) };
}

test("connections, what they belong to, and the keys that open them survive a restart of the local worker", async () => {
  const first = await start();
  const admin = await call("POST", "/sessions", first.adminKey, { role: "admin" });
  const chosen = { authorization: "basic", access: "pre-authorize" };
  assert.equal((await call("PUT", "/integration", admin.json.session, chosen)).status, 200);
  const typed = { subdomain: "acme", email: "ada@acme.example", apiToken: API_TOKENS.acme };
  const connected = await call("POST", "/connections", admin.json.session, typed);
  assert.equal(connected.status, 201, JSON.stringify(connected.json));
  assert.equal((await call("POST", "/integration/enable", admin.json.session, {})).json.state, "enabled");
  await first.dispose();

  const second = await start();
  assert.deepEqual([second.adminKey, second.sealingKeys], [first.adminKey, first.sealingKeys]);
  const bearer = (await call("POST", "/sessions", second.adminKey, { role: "admin" })).json.session;
  const found = await call("GET", `/connections/${connected.json.id}`, bearer);
  assert.deepEqual([found.status, found.json], [200, connected.json]);
  assert.deepEqual((await call("GET", "/connections", bearer)).json, { connections: [connected.json] });
  assert.equal((await call("GET", "/integration", bearer)).json.state, "enabled");
});

test("the keys are readable to their owner alone", () => {
  const file = join(data, "keys.json");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(JSON.parse(readFileSync(file, "utf8")).adminKey, worker?.adminKey);
});

const wouldStart = () => startWorker({ sandboxPort: sandbox.port, data });

test("a second worker is kept from the folder of the first, and told what to do", async () => {
  await assert.rejects(wouldStart(), /is used by process \d+; end that, or choose another: DATA=folder npm start/);
});

test("so is one that finds a worker left over by a process that was killed", async () => {
  const lock = join(data, "lock");
  const held = JSON.parse(readFileSync(lock, "utf8"));
  // No process has this id.
  writeFileSync(lock, JSON.stringify({ ...held, pid: 2 ** 22 + 1 }));
  await assert.rejects(wouldStart(), new RegExp(`still listens on port ${worker?.port}; end that`));
  await worker?.dispose();
  writeFileSync(lock, JSON.stringify({ ...held, pid: 2 ** 22 + 1 }));
  await start();
});

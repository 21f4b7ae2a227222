import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { createEdge } from "zendesk-auth/edge";
import { memoryStore } from "zendesk-auth/stores/memory";
import { dist } from "../../scripts/lib/paths.mjs";

const ADMIN_KEY = "admin-key-of-the-command-line-test-0123";
const PUBLIC = "https://app.example/zendesk";

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ code: number | null, out: string, err: string }>}
 */
function cli(args, env = { ZENDESK_AUTH_ADMIN_KEY: ADMIN_KEY }) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(dist, "cli.js"), ...args], { env: { ...process.env, ...env } });
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
    child.on("error", reject).on("close", (code) => resolve({ code, out, err }));
  });
}

/** @param {unknown[]} sealingKeys @param {ReturnType<typeof memoryStore>} store */
const edgeWith = (sealingKeys, store) =>
  createEdge({ publicUrl: PUBLIC, adminKey: ADMIN_KEY, sealingKeys: /** @type {any} */ (sealingKeys), store });

/** @param {() => import("zendesk-auth/edge").Edge} edge @param {() => boolean} [isDown] */
async function serve(edge, isDown = () => false) {
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    if (isDown()) return void response.writeHead(503, { "content-type": "application/json" }).end("{}");
    const answer = await edge().fetch(
      new Request(`https://app.example${request.url}`, {
        method: request.method ?? "GET",
        headers: /** @type {Record<string, string>} */ (request.headers),
        body: Buffer.concat(chunks),
      }),
    );
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    response.end(await answer.text());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/zendesk/`, close: () => server.close() };
}

/** @param {import("zendesk-auth/edge").Edge} edge @param {number} count */
async function saveProfiles(edge, count) {
  /** @param {string} path @param {string} bearer @param {object} body */
  const post = async (path, bearer, body) => {
    const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
    const answer = await edge.fetch(
      new Request(PUBLIC + path, { method: "POST", headers, body: JSON.stringify(body) }),
    );
    assert.equal(answer.status, 201);
    return answer.json();
  };
  const { session } = await post("/sessions", ADMIN_KEY, { role: "admin" });
  for (let index = 0; index < count; index += 1) {
    await post("/profiles", session, { mechanism: "basic", name: `Profile ${index}` });
  }
}

test("a new key is one that the worker takes, and each is another", async () => {
  const [one, other] = [await cli(["keys", "new"]), await cli(["keys", "new", "--kid", "autumn"])];
  const keys = [one, other].map(({ out }) => JSON.parse(out));
  assert.match(keys[0].kid, /^\d{4}-\d\d-\d\d$/);
  assert.equal(keys[1].kid, "autumn");
  assert.notEqual(keys[0].key, keys[1].key);
  edgeWith(keys, memoryStore());
});

test("everything is sealed anew, page by page, and then needs no old key", async (t) => {
  const [old, fresh] = await Promise.all(
    ["old", "new"].map(async (kid) => JSON.parse((await cli(["keys", "new", "--kid", kid])).out)),
  );
  const store = memoryStore();
  await saveProfiles(edgeWith([old], store), 25);
  const turned = edgeWith([fresh, old], store);
  let calls = 0;
  // Once down for a moment, and once for good.
  let downFrom = 2;
  let downUntil = 4;
  const server = await serve(
    () => turned,
    () => {
      calls += 1;
      return calls >= downFrom && calls < downUntil;
    },
  );
  t.after(server.close);
  const rotate = ["keys", "rotate", "--worker", server.url, "--limit", "10"];

  downFrom = 2;
  downUntil = Number.POSITIVE_INFINITY;
  const stopped = await cli(rotate);
  assert.equal(stopped.code, 1);
  assert.match(
    stopped.err,
    /^10 seen, 10 sealed anew, 0 unreadable\nThe worker refuses: http_503\nTo go on: --cursor "0:/,
  );
  const cursor = JSON.parse(/--cursor (".*")/.exec(stopped.err)?.[1] ?? "");

  calls = 0;
  downUntil = 4;
  const done = await cli([...rotate, "--cursor", cursor]);
  assert.equal(done.code, 0, done.err);
  assert.deepEqual(JSON.parse(done.out), { seen: 15, resealed: 15, unreadable: [] });
  const again = await cli(rotate);
  assert.deepEqual(JSON.parse(again.out), { seen: 25, resealed: 0, unreadable: [] });

  const lost = await serve(() => edgeWith([old], store));
  t.after(lost.close);
  const unreadable = await cli(["keys", "rotate", "--worker", lost.url]);
  assert.equal(unreadable.code, 1);
  assert.equal(JSON.parse(unreadable.out).unreadable.length, 25);
  assert.match(unreadable.err, /add it back, or authorize these again/);
});

test("what is missing or wrong is said, with how it is used", async (t) => {
  const refused = await cli(["keys", "rotate", "--worker", "https://app.example"], { ZENDESK_AUTH_ADMIN_KEY: "" });
  assert.equal(refused.code, 2);
  assert.match(refused.err, /^ZENDESK_AUTH_ADMIN_KEY is missing in the environment\n\nzendesk-auth keys new/);
  for (const [args, said] of /** @type {[string[], RegExp][]} */ ([
    [[], /^a command is missing/],
    [["keys", "burn"], /^there is no command `keys burn`/],
    [["keys", "rotate"], /^--worker has to be the worker's public URL/],
    [["keys", "rotate", "--force"], /'--force'/],
    // The admin key would travel in the clear, or to nobody.
    [["keys", "rotate", "--worker", "http://app.example"], /^--worker has to be the worker's public URL, with https/],
    [["keys", "rotate", "--worker", "ftp://app.example"], /^--worker has to be the worker's public URL, with https/],
    [
      ["keys", "rotate", "--worker", "https://app.example/?a=b"],
      /^--worker has to be the worker's public URL, with https/,
    ],
    [
      ["keys", "rotate", "--worker", "https://app.example", "--limit", "ten"],
      /^--limit has to be a number from 1 to 200/,
    ],
    [["keys", "new", "--kid", "my key"], /^--kid has to have 1 to 64 of the characters/],
  ])) {
    const answer = await cli(args);
    assert.deepEqual([answer.code, said.test(answer.err)], [2, true], answer.err);
  }
  assert.equal((await cli(["--help"])).code, 0);
  const key = JSON.parse((await cli(["keys", "new"])).out);
  const server = await serve(() => edgeWith([key], memoryStore()));
  t.after(server.close);
  const wrong = await cli(["keys", "rotate", "--worker", server.url], { ZENDESK_AUTH_ADMIN_KEY: `${ADMIN_KEY}x` });
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /^The worker refuses: [a-z_]+: .*\nNothing was done\.\n$/);
});

test("what answers but is no worker is said to be none, and is not asked for ever", async (t) => {
  const answers = [
    "<!doctype html><title>Our product</title>",
    '{"seen":0,"resealed":0,"unreadable":[]}',
    '{"seen":1,"resealed":1,"unreadable":[],"done":false,"cursor":"0:x"}',
    "null",
  ];
  for (const text of answers) {
    let calls = 0;
    const server = createServer((_, response) => {
      calls += 1;
      response.writeHead(200).end(text);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
    t.after(() => server.close());
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    const answer = await Promise.race([
      cli(["keys", "rotate", "--worker", `http://127.0.0.1:${port}`]),
      new Promise((_, reject) => setTimeout(() => reject(new Error(`still asking after ${calls} calls`)), 5_000)),
    ]);
    assert.equal(answer.code, 1, answer.err);
    assert.match(answer.err, /What answers there is not the worker: check the URL/);
    assert.ok(calls <= 2 && !answer.err.includes("TypeError"), answer.err);
  }
});

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { isZendeskAuthError } from "zendesk-auth/edge";
import { memoryStore } from "zendesk-auth/stores/memory";
import { SECRETS } from "../../www/sandbox/index.js";
import { ADMIN_KEY, cookiesOf, decide, PUBLIC_URL, world } from "./support.mjs";

const SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
const systemClient = { clientId: "zdg-product", clientSecret: SECRETS["zdg-product"], scope: "read write" };

/** @typedef {{ headers: Record<string, string>, body: string }} Received */
/** @type {Received[]} */
const received = [];
let status = 204;
const receiver = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  received.push({ headers: /** @type {Record<string, string>} */ (request.headers), body });
  response.writeHead(status).end();
});
let offset = 0;
/** @type {Awaited<ReturnType<typeof world>>} */
let here;
/** @type {Promise<unknown>[]} */
const afterwards = [];
const context = { waitUntil: (/** @type {Promise<unknown>} */ work) => void afterwards.push(work) };

before(async () => {
  await new Promise((resolve) => receiver.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (receiver.address());
  here = await world({
    systemClient,
    webhooks: [{ url: `http://127.0.0.1:${port}/hook`, secrets: [SECRET] }],
    now: () => Date.now() + offset,
  });
  await here.call("PUT", "/integration", {
    bearer: here.session,
    json: { authorization: "oauth-system", access: "allow-users" },
  });
  await here.call("POST", "/integration/enable", { bearer: here.session });
});
after(async () => {
  await here.sandbox.close();
  receiver.close();
});

/** @param {string} kind @param {string} link */
async function told(kind, link) {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = received.find(({ body }) => body.includes(`"${kind}"`) && body.includes(link));
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`the receiver was not told of ${kind}`);
}

/** @param {object} more */
async function makeLink(more = {}) {
  const made = await here.call("POST", "/links", { bearer: ADMIN_KEY, json: { subject: "jane", ...more } });
  assert.equal(made.status, 201, made.text);
  return made.json;
}

/** A browser on the link's page. @param {string} url */
function visitor(url) {
  const path = new URL(url).pathname;
  let cookies = "";
  /** @param {Awaited<ReturnType<typeof here.call>>} reply */
  const keep = (reply) => {
    cookies = [cookies, cookiesOf(reply)].filter(Boolean).join("; ");
    return reply;
  };
  return {
    open: async () => keep(await here.call("GET", path, { headers: { cookie: cookies } })),
    /** @param {Record<string, string>} fields */
    async send(fields) {
      const request = new Request(url, {
        method: "POST",
        headers: { cookie: cookies, origin: PUBLIC_URL },
        body: new URLSearchParams(fields),
      });
      const response = await here.edge.fetch(request, context);
      return keep({
        status: response.status,
        headers: response.headers,
        text: await response.text(),
        json: undefined,
      });
    },
    /** @param {URL} back */
    come: (back) => here.call("GET", back.pathname + back.search, { headers: { cookie: cookies } }),
  };
}

test("a link is followed to a connection, and the bot hears of it by a signed webhook", async () => {
  const link = await makeLink({ name: "Jane", language: "pt" });
  const jane = visitor(link.url);
  assert.match((await jane.open()).text, /Sim, eu sou Jane: continuar/);
  assert.equal((await jane.send({ step: "begin" })).status, 303);
  const page = await jane.send({ step: "submit", subdomain: "acme" });
  const url = /content="0;url=([^"]+)"/.exec(page.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const end = await jane.come(await decide(here.sandbox, url));
  assert.match(end.text, /Você pode voltar à conversa\./);
  assert.match(end.text, /data-status="connected"/);

  const { headers, body } = await told("connection.created", link.id);
  const payload = /** @type {any} */ (new Webhook(SECRET).verify(body, headers));
  assert.equal(payload.data.link, link.id);
  assert.equal(payload.data.subject, "user:jane");
  const event = here.events.find(({ type }) => type === "connection.created");
  assert.equal(headers["webhook-id"], event?.id);
  assert.throws(() => new Webhook(SECRET).verify(`${body} `, headers));
  for (const kind of ["link.created", "link.opened"]) await told(kind, link.id);
  assert.ok(afterwards.length > 0, "what follows an answer is given to waitUntil");
  await Promise.all(afterwards);
});

test("a receiver that was down is told by a later sweep, and an expired link by the first", async () => {
  status = 500;
  const link = await makeLink({ expiresIn: 60 });
  await told("link.created", link.id);
  status = 204;
  received.length = 0;
  offset = 61_000;
  const swept = await here.edge.sweep();
  assert.equal(swept.expired, 1);
  assert.ok(swept.delivered >= 2, JSON.stringify(swept));
  await told("link.created", link.id);
  await told("link.expired", link.id);
  assert.deepEqual(await here.edge.sweep(), { delivered: 0, expired: 0 });
});

test("a sweep says that the store failed", async () => {
  const store = { ...memoryStore(), list: () => Promise.reject(new Error("down")) };
  const broken = await world({ store });
  await assert.rejects(broken.edge.sweep(), (error) => {
    assert.ok(isZendeskAuthError(error));
    assert.equal(error.code, "store_unavailable");
    return true;
  });
  await broken.sandbox.close();
});

import assert from "node:assert/strict";
import { SECRETS } from "../../../www/sandbox/index.js";
import { assertAccessible } from "../support/axe.mjs";
import { assertSentences, FLOWS, shownText, ZendeskPage } from "../support/console-page.mjs";

/** Callbacks that are wrong, late, repeated or somebody else's. @type {import("../support/scenario.mjs").Scenarios} */
export const callbacks = {};

const FORGED = "?code=a-code-from-somebody-else&state=a-state-that-nobody-here-made-000000000000";
const ELEVEN_MINUTES = 11 * 60_000;

/**
 * @param {import("playwright-core").Page} page
 * @param {string} title
 */
async function seePage(page, title) {
  await page.getByRole("heading", { name: title }).waitFor();
  assertSentences(await shownText(page.locator("main")), title);
  await assertAccessible(page, title);
}

callbacks["hand-off: wrong state by redirect"] = async ({ open, world }) => {
  const console = await open();
  await console.fill();
  await console.choose({ flow: "hand-off", mode: "redirect" });
  await console.authorizeIn("redirect");
  await console.page.goto(`${world.worker.url}/console/callback${FORGED}`);
  await console.seeNotice("This answer belongs to another authorization");
  assert.equal(await console.page.evaluate(() => sessionStorage.length), 0);
};

callbacks["hand-off: wrong state in the popup is ignored, and the right one still counts"] = async ({
  open,
  world,
}) => {
  const console = await open();
  await console.fill();
  const zendesk = await console.authorizeIn();
  const consent = zendesk.page.url();
  await zendesk.page.goto(`${world.worker.url}/console/callback${FORGED}`);
  await seePage(zendesk.page, "No page is waiting for this answer");
  await console.seeWaiting();
  await zendesk.page.goto(consent);
  await zendesk.allow();
  await console.seeConnected();
};

callbacks["worker-held: wrong state"] = async ({ open, world }) => {
  const console = await open();
  await console.fill();
  await console.choose({ flow: "worker-held" });
  const zendesk = await console.authorizeIn();
  const consent = zendesk.page.url();
  await zendesk.page.goto(`${world.worker.url}/oauth/callback${FORGED}`);
  await seePage(zendesk.page, "Started in another browser");
  await console.seeWaiting();
  await zendesk.page.goto(consent);
  await zendesk.allow();
  await console.seeConnected();
};

callbacks["hand-off: a replayed callback"] = async ({ open, context }) => {
  const console = await open();
  await console.fill();
  await console.choose({ flow: "hand-off", mode: "redirect" });
  const callback = heardCallback(context, "/console/callback");
  await (await console.authorizeIn("redirect")).allow();
  await console.seeConnected();
  await console.page.goto(await callback);
  await seePage(console.page, "No page is waiting for this answer");
  assert.equal(new URL(console.page.url()).search, "", "the code does not stay in the address");
};

callbacks["worker-held: a replayed callback"] = async ({ open, context }) => {
  const console = await open();
  await console.fill();
  await console.choose({ flow: "worker-held", mode: "redirect" });
  const callback = heardCallback(context, "/oauth/callback");
  await (await console.authorizeIn("redirect")).allow();
  await console.seeConnected();
  await console.page.goto(await callback);
  await seePage(console.page, "This link was used already");
};

callbacks["worker-held: a link that somebody else started"] = async ({ context, world }) => {
  const { session } = await sessionOf(world, "attackers");
  const profile = await askWorker(world, session, "/profiles", {
    name: "An attacker's",
    subdomain: "acme",
    clientId: "acme_custom",
    clientSecret: SECRETS.acme_custom,
    clientKind: "confidential",
    scope: "read",
  });
  const begun = await askWorker(world, session, "/connections", { profile: profile.id });
  const before = world.sandbox.account("acme").tokens.all().length;

  const victim = new ZendeskPage(await context.newPage());
  await victim.page.goto(begun.authorizationUrl);
  await victim.allow();
  await seePage(victim.page, "Started in another browser");
  assert.equal(world.sandbox.account("acme").tokens.all().length, before, "the victim's account went nowhere");
  assert.deepEqual((await askWorker(world, session, "/connections")).connections, []);
};

for (const mode of /** @type {const} */ (["popup", "redirect"])) {
  callbacks[`worker-held: a transaction 11 minutes old, ${mode}`] = async ({ open, world }) => {
    const console = await open();
    await console.fill();
    await console.choose({ flow: "worker-held", mode });
    const zendesk = await console.authorizeIn(mode);
    await zendesk.signIn();
    await world.setWorkerClock(ELEVEN_MINUTES);
    await zendesk.allow();
    await console.seeNotice("That took too long");
  };
}

callbacks["hand-off: a transaction 11 minutes old, redirect"] = async ({ open }) => {
  const console = await open();
  await console.fill();
  await console.choose({ flow: "hand-off", mode: "redirect" });
  const zendesk = await console.authorizeIn("redirect");
  await zendesk.signIn();
  await console.page.clock.install({ time: Date.now() + ELEVEN_MINUTES });
  await zendesk.allow();
  await console.seeNotice("That took too long");
};

callbacks["hand-off: a transaction 11 minutes old, popup whose page slept"] = async ({ open, context }) => {
  const console = await open();
  await console.fill();
  const zendesk = await console.authorizeIn();
  await zendesk.signIn();
  // As after a laptop was shut: the clock has moved on, and no timer has run.
  await context.clock.setFixedTime(Date.now() + ELEVEN_MINUTES);
  await zendesk.allow();
  await console.seeNotice("That took too long");
};

for (const flow of FLOWS) {
  callbacks[`${flow}: nobody answers for ten minutes`] = async ({ open }) => {
    const console = await open();
    await console.page.clock.install();
    await console.fill();
    await console.choose({ flow });
    await console.authorizeIn();
    await console.seeWaiting();
    await console.page.clock.fastForward(10 * 60_000 + 1_000);
    await console.seeNotice("No answer from Zendesk");
  };

  callbacks[`${flow}: the profile is given to another account meanwhile`] = async ({ open, world }) => {
    const console = await open();
    await console.fill({ name: "Moves to globex" });
    await console.choose({ flow });
    const zendesk = await console.authorizeIn();
    await console.page.evaluate(moveProfile, SECRETS.globex_custom);
    const before = world.sandbox.requests.filter(({ url }) => url === "/oauth/tokens").length;
    await zendesk.allow();
    await console.seeNotice("That is another Zendesk account");
    const after = world.sandbox.requests.filter(({ url }) => url === "/oauth/tokens").length;
    assert.equal(after, before, "no secret was sent to either");
  };

  callbacks[`${flow}: a session of another tenant`] = async ({ open, world }) => {
    const console = await open();
    await console.fill();
    await console.choose({ flow, mode: "redirect" });
    const zendesk = await console.authorizeIn("redirect");
    const other = await sessionOf(world, "another-tenant");
    await console.page.route("**/console/session", (route) =>
      route.fulfill({ status: 201, json: { ...other, accountTemplate: world.sandbox.accountTemplate } }),
    );
    const before = world.sandbox.account("acme").tokens.all().length;
    await zendesk.allow();
    await console.seeNotice("This answer belongs to another authorization");
    const issued = world.sandbox.account("acme").tokens.all().length - before;
    // The worker-held one belongs to the cookie's tenant, and ends there; the other tenant learns nothing of it.
    assert.equal(issued, flow === "hand-off" ? 0 : 1);
    const listed = await askWorker(world, other.session, "/connections");
    assert.deepEqual(listed.connections, []);
  };
}

/** Runs in the page, as another admin's tab would. @param {string} clientSecret */
async function moveProfile(clientSecret) {
  const { session } = await (await fetch("/console/session", { method: "POST" })).json();
  const headers = { authorization: `Bearer ${session}`, "content-type": "application/json" };
  const { profiles } = await (await fetch("/profiles", { headers })).json();
  const { id, name, clientKind, authorizationUrl, tokenUrl, scope } = profiles.find(
    (/** @type {{ name: string }} */ profile) => profile.name === "Moves to globex",
  );
  const moved = { name, clientKind, authorizationUrl, tokenUrl, scope, subdomain: "globex", clientId: "globex_custom" };
  const body = JSON.stringify({ ...moved, clientSecret });
  const answer = await fetch(`/profiles/${id}`, { method: "PUT", headers, body });
  if (!answer.ok) throw new Error(await answer.text());
  await fetch(`/profiles/${id}`, { method: "PUT", headers, body: JSON.stringify({ ...moved, name: "Moved" }) });
}

/**
 * @param {import("playwright-core").BrowserContext} context
 * @param {string} path
 * @returns {Promise<string>}
 */
function heardCallback(context, path) {
  return new Promise((resolve) => {
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (url.pathname === path && url.searchParams.has("code")) resolve(request.url());
    });
  });
}

/**
 * @param {import("../support/world.mjs").World} world
 * @param {string} tenant
 */
async function sessionOf({ worker }, tenant) {
  const answer = await fetch(`${worker.url}/sessions`, {
    method: "POST",
    headers: { authorization: `Bearer ${worker.adminKey}`, "content-type": "application/json" },
    body: JSON.stringify({ tenant, role: "admin" }),
  });
  assert.equal(answer.status, 201);
  return answer.json();
}

/**
 * @param {import("../support/world.mjs").World} world
 * @param {string} session
 * @param {string} path
 * @param {object} [body]
 */
async function askWorker({ worker }, session, path, body) {
  const answer = await fetch(worker.url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${session}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

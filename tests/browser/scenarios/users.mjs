import assert from "node:assert/strict";
import { textsOf } from "../../../pkg-config/component.mjs";
import { API_TOKENS, SECRETS } from "../../../www/sandbox/index.js";
import { assertAccessible } from "../support/axe.mjs";
import { FLOWS } from "../support/connect-element.mjs";
import { PHONE } from "../support/scenario.mjs";
import { serviceOf } from "../support/service.mjs";
import { shownText } from "../support/shown.mjs";
import { UserPage } from "../support/user-page.mjs";

/** End users side by side, and the admin who sees them all. @type {import("../support/scenario.mjs").Scenarios} */
export const users = {};

users["two users side by side, each alone with their own connection; the admin sees both"] = async (stage) => {
  const { open, world, elsewhere } = stage;
  const service = serviceOf(world);
  const console = await open();
  await console.way("oauth-system", "allow-users");
  await console.press("Save");
  await console.enable();
  await console.goTo("Users");
  await console.page.getByText("No user has connected yet.").waitFor();
  await assertAccessible(console.page, "the console's users, none");

  const jane = await new UserPage(await (await elsewhere()).newPage(), world).open("jane", { flow: "hand-off" });
  const joe = await new UserPage(await (await elsewhere(PHONE)).newPage(), world).open("joe", {
    flow: "worker-held",
    mode: "redirect",
  });
  await jane.fill({ subdomain: "acme" });
  await joe.fill({ subdomain: "globex" });
  const [hers, his] = await Promise.all([jane.connectIn(), joe.connectIn("redirect")]);
  await hers.allow("grace@acme.example");
  await his.allow("alan@globex.example");
  await jane.seeConnected({ name: "Grace Moss" });
  await joe.seeConnected({ account: "globex", name: "Alan Reed" });

  for (const each of [jane, joe]) {
    await each.page.reload();
    await each.page.locator("article.connection").first().waitFor();
    assert.equal(await each.connections(), 1, "their own and no other");
  }
  assert.doesNotMatch(await shownText(jane.page.locator("body")), /globex|Alan/);
  assert.doesNotMatch(await shownText(joe.page.locator("body")), /acme|Grace/);

  // As the worker sees it: lists, single connections, disconnecting, refused across users with the same words as for nothing.
  const [asJane, asJoe] = [await service.user("jane"), await service.user("joe")];
  const [own] = (await service.call("GET", "/connections", asJane)).json.connections;
  const [other] = (await service.call("GET", "/connections", asJoe)).json.connections;
  assert.deepEqual([own.subject, other.subject], ["user:jane", "user:joe"]);
  for (const [method, bearer, id] of /** @type {const} */ ([
    ["GET", asJane, other.id],
    ["DELETE", asJane, other.id],
    ["GET", asJoe, own.id],
    ["DELETE", asJoe, own.id],
  ])) {
    const { status, json } = await service.call(method, `/connections/${id}`, bearer);
    assert.deepEqual([status, json.code], [404, "connection_not_found"], method);
  }

  await console.seeUsers({ jane: /acme\s+as Grace Moss/, joe: /globex\s+as Alan Reed/ });
  await assertAccessible(console.page, "the console's users");

  // The admin parts with one of them, and only that one.
  await console.disconnect("joe", "globex");
  await console.page.getByText("joe is disconnected from globex. Zendesk takes the token no longer.").waitFor();
  await assertAccessible(console.page, "the console's users, one disconnected");
  await console.seeUsers({ jane: /OAuth - System/ });
  await joe.page.reload();
  await joe.page.locator("input[name=subdomain]").waitFor();
  assert.equal(await joe.connections(), 0);
  await jane.page.reload();
  await jane.seeConnected({ name: "Grace Moss" });

  await jane.disconnect();
  await jane.seeNotice("Disconnected from acme");
  await console.page.getByText("No user has connected yet.").waitFor();
};

users["an admin sees what Zendesk will switch off, and on which day"] = async ({ open, world }) => {
  const service = serviceOf(world);
  const admin = await service.admin();
  const token = { subdomain: "acme", email: "ada@acme.example", apiToken: API_TOKENS.acme };
  await service.call("PUT", "/integration", admin, { authorization: "basic", access: "pre-authorize" });
  assert.equal((await service.call("POST", "/connections", admin, token)).status, 201);
  const console = await open();
  await console.goTo("Users");
  const notice = console.page.locator("#stopping");
  await notice.getByRole("heading", { name: "One connection stops by itself" }).waitFor();
  assert.match(await notice.innerText(), /April 30, 2027: the integration \(acme\)\. Zendesk switches API tokens off/);
  await assertAccessible(console.page, "the console's users, one that stops");
};

users["a user is told that there is nothing to do, or nothing to do yet"] = async ({ open, world, elsewhere }) => {
  const page = await (await elsewhere()).newPage();
  const jane = await new UserPage(page, world).open("jane");
  await jane.page.getByRole("heading", { name: "Zendesk cannot be connected yet" }).waitFor();
  await assertAccessible(page, "a user before anything is enabled");

  const console = await open();
  await console.fill();
  await (await console.authorizeIn()).allow();
  await console.seeConnected();
  await console.enable();
  await jane.open("jane");
  await jane.page.getByRole("heading", { name: "Zendesk is connected for everybody" }).waitFor();
  await assertAccessible(page, "a user where all share one connection");
  assert.equal(await jane.connections(), 0, "the shared connection is the admins'");
};

users["a user sees which scopes are missing, and the admin too"] = async ({ open, world, elsewhere }) => {
  const console = await open();
  await console.way("oauth-custom", "allow-users");
  await console.fill({ name: "Narrow", scopes: ["read", "tickets:write"], clientSecret: SECRETS.acme_custom });
  await console.press("Save");
  await console.enable();
  const jane = await new UserPage(await (await elsewhere()).newPage(), world).open("jane", { flow: "worker-held" });
  world.sandbox.faults.set("token", { kind: "scope", scope: "read", times: 1 });
  await (await jane.connectIn()).allow();
  assert.match(await jane.seeConnected(), /tickets:write\s+Tickets: write\s+Not granted/);
  await console.goTo("Users");
  await console.seeUsers({ jane: /OAuth - Custom\s+Active\s+Scope missing: tickets:write/ });
  await assertAccessible(console.page, "the console's users, with a missing scope");
};

users["the console opens the page of a user in a second window"] = async ({ open, world }) => {
  await serviceOf(world).openToUsers();
  const console = await open();
  await console.goTo("Users");
  await console.page.getByRole("combobox", { name: "User" }).fill("joe");
  const opened = console.page.context().waitForEvent("page");
  await console.press("Open as joe");
  const joe = new UserPage(await opened, world);
  await joe.loaded();
  await joe.page.getByText("Signed in as joe").waitFor();
  assert.equal(await joe.page.evaluate(() => window.opener), null, "it knows nothing of the console");
  await joe.fill({ subdomain: "acme" });
  await (await joe.connectIn()).allow();
  await joe.seeConnected();
  // The console hears of it by itself.
  await console.seeUsers({ joe: /acme\s+as Ada Byron/ });
};

for (const flow of FLOWS) {
  users[`${flow}: somebody else has signed in before the answer comes`] = async ({ world, elsewhere }) => {
    const service = serviceOf(world);
    await service.openToUsers();
    const context = await elsewhere();
    const jane = await new UserPage(await context.newPage(), world).open("jane", { flow, mode: "redirect" });
    await jane.fill({ subdomain: "acme" });
    const zendesk = await jane.connectIn("redirect");
    const asJoe = await service.user("joe");
    await context.route("**/console/session?*", (route) => route.fulfill({ status: 201, json: { session: asJoe } }));
    await zendesk.allow();
    await jane.seeNotice("This answer belongs to another authorization");
    assert.equal(await jane.connections(), 0);
    assert.deepEqual((await service.call("GET", "/connections", asJoe)).json.connections, [], "joe is given nothing");
    const { connections } = (await service.call("GET", "/connections", await service.user("jane"))).json;
    // What the worker held belongs to whom the cookie was made for.
    assert.equal(connections.length, flow === "hand-off" ? 0 : 1);
  };
}

users["a user's page in every language"] = async ({ world, elsewhere }) => {
  await serviceOf(world).openToUsers();
  for (const language of ["en", "de", "es", "ja", "pt"]) {
    const page = await (await elsewhere(PHONE)).newPage();
    const user = await new UserPage(page, world).open("jane", { language });
    await page.getByRole("heading", { name: textsOf(language)["ui.user.title"] ?? "", exact: true }).waitFor();
    await assertAccessible(page, `a user's page, ${language}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, "it fits");
    await user.page.close();
  }
};

import assert from "node:assert/strict";
import { API_TOKENS } from "../../../www/sandbox/index.js";
import { assertAccessible } from "../support/axe.mjs";
import { serviceOf } from "../support/service.mjs";
import { UserPage } from "../support/user-page.mjs";

/** Each of the six ways, from nothing to an enabled integration. @type {import("../support/scenario.mjs").Scenarios} */
export const ways = {};

const BASIC = { subdomain: "acme", email: "ada@acme.example", apiToken: API_TOKENS.acme };

ways["Basic, authorized once for all"] = async ({ open, world }) => {
  const console = await open();
  await console.way("basic", "pre-authorize");
  await console.page.getByText(/^API tokens work until 30 April 2027/).waitFor();
  await assertAccessible(console.page, "set up: Basic, pre-authorize");
  await new UserPage(console.page, world).fill({ ...BASIC, apiToken: "not-the-token-of-anybody" });
  await console.press("Connect");
  assert.match(await console.seeNotice("Zendesk does not accept these credentials"), /check both/);
  await new UserPage(console.page, world).fill(BASIC);
  await console.press("Connect");
  await console.seeConnected({ basic: true });
  await console.seeState("Ready to be enabled");
  await console.enable();
  await seeIntegration(world, { authorization: "basic", access: "pre-authorize", profile: null });
};

ways["Basic, by each user"] = async ({ open, world, elsewhere }) => {
  const console = await open();
  await console.way("basic", "allow-users");
  await console.page.getByRole("textbox", { name: "Profile name" }).fill("By API token");
  await assertAccessible(console.page, "set up: Basic, allow users");
  await console.press("Save");
  await console.seeState("Ready to be enabled");
  await console.enable();
  const { profile } = await seeIntegration(world, { authorization: "basic", access: "allow-users", connection: null });
  assert.equal(typeof profile, "string");

  const jane = await new UserPage(await (await elsewhere()).newPage(), world).open("jane");
  await assertAccessible(jane.page, "a user's Basic form");
  await jane.fill({ ...BASIC, email: "edsger@acme.example" });
  await jane.connect();
  await jane.seeConnected({ name: "Edsger Vries", basic: true });
};

ways["OAuth - System, authorized once for all"] = async ({ open, world }) => {
  const console = await open();
  await console.way("oauth-system", "pre-authorize");
  await console.page.getByRole("textbox", { name: "Subdomain" }).fill("globex.zendesk.com");
  await assertAccessible(console.page, "set up: OAuth - System, pre-authorize");
  const zendesk = await console.authorizeIn();
  await zendesk.signIn();
  await zendesk.page.getByRole("heading", { name: "Allow Example Product to use Globex Help Desk?" }).waitFor();
  await zendesk.allow();
  await console.seeConnected({ account: "globex", name: "Hedy Lamm" });
  await console.enable();
  await seeIntegration(world, { authorization: "oauth-system", access: "pre-authorize", profile: null });
};

ways["OAuth - System, by each user"] = async ({ open, world, elsewhere }) => {
  const console = await open();
  await console.way("oauth-system", "allow-users");
  await console.page.getByText("Nothing else is needed").waitFor();
  await assertAccessible(console.page, "set up: OAuth - System, allow users");
  await console.press("Save");
  await console.enable();
  await seeIntegration(world, { authorization: "oauth-system", access: "allow-users", connection: null });

  const jane = await new UserPage(await (await elsewhere()).newPage(), world).open("jane");
  await assertAccessible(jane.page, "a user's form for the subdomain");
  await jane.fill({ subdomain: "acme" });
  await (await jane.connectIn()).allow("grace@acme.example");
  await jane.seeConnected({ name: "Grace Moss" });
};

ways["OAuth - Custom, authorized once for all"] = async ({ open, world }) => {
  const console = await open();
  await assertAccessible(console.page, "set up: OAuth - Custom, pre-authorize");
  await console.fill({ name: "Our own client", scopes: ["read", "tickets:write"] });
  await (await console.authorizeIn()).allow();
  await console.seeConnected();
  await console.seeState("Ready to be enabled");
  await console.enable();
  await seeIntegration(world, { authorization: "oauth-custom", access: "pre-authorize" });
};

ways["OAuth - Custom, by each user"] = async ({ open, world, elsewhere }) => {
  const console = await open();
  await console.way("oauth-custom", "allow-users");
  await console.fill({ name: "For users" });
  await assertAccessible(console.page, "set up: OAuth - Custom, allow users");
  await console.press("Save");
  await console.enable();
  await seeIntegration(world, { authorization: "oauth-custom", access: "allow-users", connection: null });

  const jane = await new UserPage(await (await elsewhere()).newPage(), world).open("jane");
  await assertAccessible(jane.page, "a user's button to connect");
  await (await jane.connectIn()).allow("grace@acme.example");
  await jane.seeConnected({ name: "Grace Moss" });
};

/**
 * Real workerd says so too.
 *
 * @param {import("../support/world.mjs").World} world
 * @param {object} expected
 */
async function seeIntegration(world, expected) {
  const integration = await serviceOf(world).integration();
  const { state, enabled } = integration;
  assert.deepEqual({ state, enabled }, { state: "enabled", enabled: true });
  for (const [name, value] of Object.entries(expected)) assert.equal(integration[name], value, name);
  if (integration.access === "pre-authorize") assert.equal(typeof integration.connection, "string");
  return integration;
}

// An admin's page: one of the six ways, profiles, authorize, enable, and back.
import assert from "node:assert/strict";
import { API_TOKENS, SECRETS } from "../../www/sandbox/index.js";
import { saveProfile, stage } from "./support/product.mjs";

const test = stage();

const CLIENT = {
  "Profile name": "Acme support",
  Subdomain: "acme",
  "Client ID": "acme_custom",
  "Client secret": SECRETS.acme_custom,
};

test("nothing chosen: six ways, each with a sentence of when to take it", async ({ visit }) => {
  const product = await visit();
  await product.seeState("Not set up");
  assert.equal(await product.element.locator("input[type=radio]").count(), 5);
  for (const value of ["oauth-system", "oauth-custom", "basic", "pre-authorize", "allow-users"]) {
    const text = await product.element.locator(`#way-${value}-when`).innerText();
    assert.match(text, /^.{30,}\.$/);
  }
  await product.accessible("admin: nothing chosen");
});

test("a way that this worker cannot offer says why", async ({ world, visit }) => {
  await world.reset({ systemClient: null });
  await world.moveClock(Date.parse("2027-05-01T00:00:01Z") - Date.now());
  const product = await visit();
  await product.seeState("Not set up");
  assert.ok(await product.field("OAuth - System").isDisabled());
  assert.ok(await product.field("Basic").isDisabled());
  assert.match(await product.element.locator("#way-oauth-system-when").innerText(), /no preconfigured OAuth client/);
  assert.match(await product.element.locator("#way-basic-when").innerText(), /stopped working on 30 April 2027/);
  await product.accessible("admin: ways that are not available");
});

test("pre-authorized, OAuth - System: authorized, enabled, disabled, disconnected", async ({ visit }) => {
  const product = await visit();
  await product.choose("system", "preAuthorize");
  await product.accessible("admin: system, pre-authorized");
  await product.fill({ Subdomain: "acme" });
  await (await product.lead("Authorize")).allow();
  await product.see("Connected to acme");
  await product.seeState("Ready to be enabled");
  await product.accessible("admin: ready");
  await product.press("Enable");
  await product.seeState("Enabled");
  await product.hasFocus("state-title");
  await product.accessible("admin: enabled");
  await product.press("Disable");
  await product.seeState("Ready to be enabled");
  await product.press("Disconnect");
  await product.press("Yes, disconnect");
  await product.see("Disconnected from acme");
  await product.seeState("Not authorized yet");
  const states = (await product.heard("zendesk-integration")).map(({ integration }) => integration.state);
  assert.deepEqual(states, ["unset", "unverified", "ready", "enabled", "ready", "unverified"]);
});

test("pre-authorized, Basic: its end is said, and OAuth is one click away", async ({ visit }) => {
  const product = await visit();
  await product.choose("basic", "preAuthorize");
  await product.element.getByText(/API tokens work until 30 April 2027, \d+ more days/).waitFor();
  await product.accessible("admin: Basic, pre-authorized");
  await product.press("Use OAuth instead");
  assert.ok(await product.field("OAuth - System").isChecked());
  await product.field("Basic").check();
  await product.fill({ Subdomain: "acme", "E-mail address": "ada@acme.example", "API token": API_TOKENS.acme });
  await product.press("Connect");
  await product.see("Connected to acme");
  await product.press("Enable");
  await product.seeState("Enabled");
  assert.ok(!JSON.stringify(await product.events()).includes(API_TOKENS.acme));
});

test("pre-authorized, Basic, authorized again: only the API token is asked for anew", async ({ world, visit }) => {
  await world.ask("PUT", "/integration", { authorization: "basic", access: "pre-authorize" });
  await world.ask("POST", "/connections", { subdomain: "acme", email: "ada@acme.example", apiToken: API_TOKENS.acme });
  const product = await visit();
  await product.press("Authorize again");
  await product.hasFocus("field-apiToken");
  assert.equal(await product.field("Subdomain").inputValue(), "acme");
  assert.equal(await product.field("E-mail address").inputValue(), "ada@acme.example");
  await product.fill({ "API token": API_TOKENS.acme });
  await product.press("Connect");
  await product.seeState("Ready to be enabled");
  assert.equal((await product.heard("zendesk-connected")).length, 1);
});

test("a save that was cancelled is seen through, and made once", async ({ world, visit }) => {
  const product = await visit();
  await product.choose("custom", "preAuthorize");
  await product.fill(CLIENT);
  /** @type {(() => void) | undefined} */
  let goOn;
  await product.page.route("**/profiles", async (route) => {
    if (route.request().method() === "POST") await new Promise((resolve) => (goOn = () => resolve(undefined)));
    await route.continue();
  });
  await product.press("Authorize");
  await product.see("One moment");
  await product.press("Cancel");
  await product.see("Cancelled");
  const popup = product.page.waitForEvent("popup");
  await product.press("Authorize");
  goOn?.();
  const { ZendeskPage } = await import("../browser/support/zendesk-page.mjs");
  await new ZendeskPage(await popup).allow();
  await product.see("Connected to acme");
  assert.equal((await world.ask("GET", "/profiles")).profiles.length, 1);
});

test("pre-authorized, OAuth - Custom: a new profile, whose secret is gone from the page once it is saved", async ({
  visit,
}) => {
  const product = await visit();
  await product.choose("custom", "preAuthorize");
  const callback = await product.field("Callback URL").inputValue();
  assert.match(callback, /^http:\/\/localhost:\d+\/oauth\/callback$/);
  await product.accessible("admin: new profile");
  await product.press("Authorize");
  await product.element.getByText("3 things to correct").or(product.element.getByText("4 things to correct")).waitFor();
  await product.accessible("admin: new profile, problems");
  await product.fill(CLIENT);
  await product.press("Show: Client secret");
  assert.equal(await product.field("Client secret").getAttribute("type"), "text");
  const zendesk = await product.lead("Authorize");
  await product.see("Waiting for acme");
  await product.press("Cancel");
  await product.see("Cancelled");
  await product.accessible("cancelled");
  assert.equal(zendesk.page.isClosed(), true);
  // The profile was saved: its form is for editing now, and holds no secret.
  await product.element.getByText("It stays in the worker and cannot be read again.").waitFor();
  assert.ok(!(await everything(product)).includes(SECRETS.acme_custom));
  await (await product.lead("Authorize")).allow();
  await product.see("Connected to acme");
  await product.element.getByText("OAuth - Custom").first().waitFor();
  await product.press("Enable");
  await product.seeState("Enabled");
  assert.ok(!JSON.stringify(await product.events()).includes(SECRETS.acme_custom));
});

test("users, each of the three ways: saved, then enabled", async ({ visit }) => {
  const product = await visit();
  await product.choose("system", "allowUsers");
  await product.element.getByText("each user only enters their subdomain").waitFor();
  await product.accessible("admin: system, users");
  await product.press("Save");
  await product.seeState("Ready to be enabled");
  await product.press("Enable");
  await product.seeState("Enabled");

  await product.press("Change");
  await product.field("OAuth - Custom").check();
  await product.element.getByText("takes it out of use until it is enabled again").waitFor();
  await product.accessible("admin: changing what is enabled");
  await product.fill(CLIENT);
  await product.press("Save");
  await product.seeState("Ready to be enabled");
  await product.element.locator(".chosen", { hasText: "Acme support" }).waitFor();
  await product.press("Enable");
  await product.seeState("Enabled");

  await product.press("Change");
  await product.field("Basic").check();
  await product.fill({ "Profile name": "By token" });
  await product.accessible("admin: Basic profile");
  await product.press("Save");
  await product.seeState("Ready to be enabled");
  await product.press("Enable");
  await product.seeState("Enabled");
});

test("profiles: select, edit, replace the secret, rename, duplicate, delete", async ({ world, visit }) => {
  const { id } = await saveProfile(world);
  await saveProfile(world, { name: "Other", clientId: "acme_public", clientKind: "public", clientSecret: undefined });
  await world.ask("PUT", "/integration", { authorization: "oauth-custom", access: "allow-users", profile: id });
  const product = await visit();
  await product.seeState("Ready to be enabled");
  await product.press("Change");
  assert.ok(await product.field("Acme support").isChecked());
  await product.accessible("admin: profiles");

  await product.press("Edit: Acme support");
  await product.hasFocus("field-name");
  assert.equal(await product.field("Client ID").inputValue(), "acme_custom");
  await product.accessible("admin: editing a profile");
  await product.press("Replace");
  await product.hasFocus("field-clientSecret");
  await product.press("Keep the saved secret");
  await product.element.getByText("It stays in the worker").waitFor();
  await product.field("Public").check();
  assert.equal(await product.field("Client secret").count(), 0);
  await product.field("Confidential").check();
  await product.field("Change everything").uncheck();
  await product.element.getByText("Single resources").click();
  await product.element.locator('input[value="tickets:write"]').check();
  await product.element.getByText("Asks for read tickets:write").waitFor();
  await product.press("Save");
  await product.seeState("Ready to be enabled");
  assert.equal((await world.ask("GET", `/profiles/${id}`)).scope, "read tickets:write");
  assert.equal((await world.ask("GET", `/profiles/${id}`)).clientSecretSet, true);

  await product.press("Change");
  await product.press("Rename: Acme support");
  await product.hasFocus("dialog-name");
  await product.accessible("admin: renaming");
  await product.field("Profile name").fill("");
  await product.press("Rename");
  await product.element.locator("#dialog-problem", { hasText: "Fill in this field." }).waitFor();
  await product.field("Profile name").fill("Acme, renamed");
  await product.press("Rename");
  await product.field("Acme, renamed").waitFor();
  assert.equal((await world.ask("GET", `/profiles/${id}`)).clientSecretSet, true);

  await product.press("Duplicate: Acme, renamed");
  assert.equal(await product.field("Profile name").inputValue(), "Acme, renamed (copy)");
  await product.press("Duplicate");
  await product.field("Acme, renamed (copy)").waitFor();
  assert.ok(await product.field("Acme, renamed (copy)").isChecked());
  assert.equal((await world.ask("GET", "/profiles")).profiles.length, 3);

  await product.press("Delete: Acme, renamed (copy)");
  await product.press("Delete");
  await product.field("Acme, renamed (copy)").waitFor({ state: "detached" });

  await product.field("Acme, renamed").check();
  await product.press("Delete: Acme, renamed");
  await product.press("Delete");
  await product.element.getByText("The integration has selected it.").waitFor();
  await product.accessible("admin: a profile in use");
  await product.press("Cancel");
  await product.hasFocus(`remove-${id}`);

  await product.field("Other").check();
  await product.press("Save");
  await product.element.locator(".chosen", { hasText: "Other" }).waitFor();
  assert.notEqual((await world.ask("GET", "/integration")).profile, id);
});

test("a secret that Zendesk refuses leads back to the profile", async ({ world, visit }) => {
  const { id } = await saveProfile(world, { clientSecret: "wrong" });
  await world.ask("PUT", "/integration", { authorization: "oauth-custom", access: "pre-authorize", profile: id });
  const product = await visit();
  await (await product.lead("Authorize")).allow();
  await product.see("Zendesk does not accept the client secret");
  await product.accessible("admin: secret refused");
  assert.equal((await product.heard("zendesk-failed"))[0].code, "invalid_client");
  await product.press("Edit");
  await product.hasFocus("field-clientSecret");
  await product.fill({ "Client secret": SECRETS.acme_custom });
  await (await product.lead("Authorize")).allow();
  await product.see("Connected to acme");
});

test("less granted than asked for is shown as such", async ({ world, visit }) => {
  const { id } = await saveProfile(world);
  await world.ask("PUT", "/integration", { authorization: "oauth-custom", access: "pre-authorize", profile: id });
  world.sandbox.faults.set("token", { kind: "scope", scope: "read" });
  const product = await visit();
  await (await product.lead("Authorize")).allow();
  await product.see("Connected to acme");
  await product.element.getByText("Not granted").waitFor();
  await product.element.getByText("Zendesk granted less than was asked for.").waitFor();
  await product.accessible("admin: less granted");
});

test("what somebody else changed meanwhile is not overwritten", async ({ world, visit }) => {
  const product = await visit();
  await product.choose("system", "allowUsers");
  await world.ask("PUT", "/integration", { authorization: "basic", access: "pre-authorize" });
  await product.press("Save");
  await product.see("It was changed meanwhile");
  await product.accessible("admin: changed meanwhile");
  assert.equal((await world.ask("GET", "/integration")).authorization, "basic");
  await product.press("Save");
  await product.seeState("Ready to be enabled");
  assert.equal((await world.ask("GET", "/integration")).authorization, "oauth-system");
});

test("a connection that Zendesk no longer takes is said to be one, and is authorized again", async ({
  world,
  visit,
}) => {
  const { id } = await saveProfile(world);
  await world.ask("PUT", "/integration", { authorization: "oauth-custom", access: "pre-authorize", profile: id });
  const product = await visit();
  await (await product.lead("Authorize")).allow();
  await product.press("Enable");
  await product.seeState("Enabled");
  // What the worker finds out when it uses a connection, in the words of its own surface.
  let isRefused = true;
  const refused = { status: "reauthorization-required", state: "reauthorization-required" };
  for (const path of ["integration", "connections"]) {
    await product.page.route(new RegExp(`/${path}(?:\\?|$)`), async (route) => {
      if (route.request().method() !== "GET" || !isRefused) return route.continue();
      const response = await route.fetch();
      const body = await response.json();
      const connections = body.connections?.map((/** @type {object} */ each) => ({ ...each, status: refused.status }));
      await route.fulfill({ response, json: connections ? { connections } : { ...body, state: refused.state } });
    });
  }
  await product.element.evaluate((/** @type {any} */ element) => element.reload());
  await product.see("acme has to be authorized again");
  await product.seeState("Has to be authorized again");
  await product.accessible("admin: authorize again");
  isRefused = false;
  await (await product.lead("Authorize again")).allow();
  await product.see("Connected to acme");
  await product.seeState("Enabled");
});

/** All that the page holds. @param {import("./support/product.mjs").Product} product */
async function everything(product) {
  const shown = await product.element.evaluate((element) => {
    const inputs = [...(element.shadowRoot?.querySelectorAll("input") ?? [])].map(({ value }) => value);
    return (element.shadowRoot?.innerHTML ?? "") + inputs.join();
  });
  return shown + JSON.stringify(await product.storage());
}

// An end user's page: what the integration lets them do, and what they have connected.
import assert from "node:assert/strict";
import { API_TOKENS } from "../../www/sandbox/index.js";
import { openToUsers, saveProfile, stage } from "./support/product.mjs";

const test = stage();
const jane = /** @type {const} */ ({ role: "user", subject: "jane" });

test("says what is missing while nothing is enabled, and that there is nothing to do where an admin connects", async ({
  world,
  visit,
}) => {
  const product = await visit(jane);
  await product.see("Zendesk cannot be connected yet");
  await product.accessible("user: nothing enabled");
  assert.deepEqual(
    (await product.heard("zendesk-integration")).map(({ integration }) => integration.state),
    ["unset"],
  );
  await world.ask("PUT", "/integration", { authorization: "basic", access: "pre-authorize" });
  await world.ask("POST", "/connections", { subdomain: "acme", email: "ada@acme.example", apiToken: API_TOKENS.acme });
  await world.ask("POST", "/integration/enable", {});
  await product.element.evaluate((/** @type {any} */ element) => element.reload());
  await product.see("Zendesk is connected for everybody");
  await product.accessible("user: connected for everybody");
});

test("OAuth - System: a subdomain, consent, connected, another account, disconnected", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(jane);
  await product.see("Connect your Zendesk account");
  await product.accessible("user: system");

  await product.press("Connect");
  await product.element.getByRole("alert").getByText("Enter the subdomain").waitFor();
  await product.hasFocus("problem-summary");
  await product.accessible("user: system, problem");
  await product.element.getByRole("link", { name: /^Subdomain/ }).click();
  await product.hasFocus("field-subdomain");

  await product.fill({ Subdomain: "https://ACME.zendesk.com/agent/" });
  await product.field("Subdomain").blur();
  assert.equal(await product.field("Subdomain").inputValue(), "acme");
  const zendesk = await product.lead("Connect");
  await product.see("Waiting for acme");
  await product.hasFocus("progress-title");
  await product.accessible("waiting");
  await zendesk.allow();
  await product.see("Connected to acme");
  await product.hasFocus(/^connected-/);
  await product.accessible("user: connected");
  const [{ connection }] = await product.heard("zendesk-connected");
  assert.deepEqual([connection.subdomain, connection.subject], ["acme", "user:jane"]);
  assert.deepEqual(await product.storage(), {});

  await product.press("Connect another account");
  await product.press("Cancel");
  assert.equal(await product.field("Subdomain").count(), 0);
  await product.press("Connect another account");
  await product.fill({ Subdomain: "globex" });
  await (await product.lead("Connect")).allow();
  await product.see("Connected to globex");
  assert.equal(await product.element.locator("article").count(), 2);

  const acme = product.element.locator("article", { hasText: "Connected to acme" });
  await acme.getByRole("button", { name: "Disconnect" }).click();
  await product.hasFocus("part-confirm");
  await product.accessible("disconnecting");
  await acme.getByRole("button", { name: "Keep it" }).click();
  await product.hasFocus(`part-${connection.id}`);
  await acme.getByRole("button", { name: "Disconnect" }).click();
  await acme.getByRole("button", { name: "Yes, disconnect" }).click();
  await product.see("Disconnected from acme");
  await product.element.getByText("confirmed that it no longer works").waitFor();
  await product.hasFocus("farewell-title");
  await product.accessible("disconnected, confirmed");
  assert.deepEqual(await product.heard("zendesk-disconnected"), [{ connection: connection.id, revoked: "confirmed" }]);
  assert.equal(await product.element.locator("article").count(), 1);
});

test("OAuth - Custom: one click, because the profile says which account", async ({ world, visit }) => {
  const { id } = await saveProfile(world, {
    clientId: "acme_narrow",
    scope: "tickets:read users:read",
    clientSecret: "sandbox-secret-acme-narrow-not-real",
  });
  await openToUsers(world, "oauth-custom", id);
  const product = await visit(jane);
  await product.see("Connect your Zendesk account");
  await product.element.getByText("The account is acme.").waitFor();
  assert.equal(await product.element.locator("input").count(), 0);
  await product.accessible("user: custom");
  await (await product.lead("Connect")).allow();
  await product.see("Connected to acme");
  await product.element.getByText("tickets:read").waitFor();
  assert.equal(await product.button("Connect another account").count(), 0);
  await (await product.lead("Authorize again")).allow();
  await product.see("Connected to acme");
  assert.equal((await product.heard("zendesk-connected")).length, 2);
});

test("Basic: refused, corrected, connected, and the truth about its API token at the end", async ({ world, visit }) => {
  const { id } = await world.ask("POST", "/profiles", { mechanism: "basic", name: "Tokens", subdomain: "acme" });
  await openToUsers(world, "basic", id);
  const product = await visit(jane);
  await product.element.getByText("switches API tokens off after 30 April 2027").waitFor();
  assert.equal(await product.field("Subdomain").count(), 0);
  await product.accessible("user: Basic");
  await product.fill({ "E-mail address": "ada@acme.example/token", "API token": API_TOKENS.acmeDeactivated });
  await product.press("Connect");
  await product.see("Zendesk does not accept these credentials");
  await product.hasFocus("notice-title");
  await product.accessible("Basic refused");
  const [failure] = await product.heard("zendesk-failed");
  assert.equal(failure.code, "basic_refused");
  assert.match(failure.message, /^Zendesk does not accept .*\.$/);

  await product.fill({ "API token": API_TOKENS.acme });
  await product.press("Connect");
  await product.see("Connected to acme");
  assert.equal(await product.element.locator("input").count(), 0);
  assert.ok(!JSON.stringify(await product.events()).includes(API_TOKENS.acme));
  const own = await product.element.evaluate((element) => element.shadowRoot?.innerHTML ?? "");
  assert.ok(!own.includes(API_TOKENS.acme));

  await product.press("Disconnect");
  await product.press("Yes, disconnect");
  await product.element.getByText("it goes on working, because it belongs to the whole account").waitFor();
  const link = product.element.getByRole("link", { name: "Open Admin Center of acme" });
  assert.equal(await link.getAttribute("href"), `${world.sandbox.origin("acme")}/admin`);
  await product.accessible("disconnected, Basic");
  const [{ revoked }] = await product.heard("zendesk-disconnected");
  assert.equal(revoked, "not-applicable");
});

test("after the end of API tokens, users are told that an admin has to choose another way", async ({
  world,
  visit,
}) => {
  const { id } = await world.ask("POST", "/profiles", { mechanism: "basic", name: "Tokens" });
  await openToUsers(world, "basic", id);
  await world.moveClock(Date.parse("2027-05-01T00:00:01Z") - Date.now());
  const product = await visit(jane);
  await product.see("API tokens have stopped working");
  assert.equal(await product.element.locator("input").count(), 0);
});

test("what Zendesk does not confirm is said, and the way to revoke stays until it was read", async ({
  world,
  visit,
}) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(jane);
  await product.fill({ Subdomain: "acme" });
  await (await product.lead("Connect")).allow();
  await product.see("Connected to acme");
  world.sandbox.faults.set("api", { kind: "status", status: 503 });
  await product.press("Disconnect");
  await product.press("Yes, disconnect");
  const notice = product.element.locator(".notice", { hasText: "did not confirm" });
  await notice.getByRole("link", { name: "Open Admin Center of acme" }).waitFor();
  await product.accessible("disconnected, unconfirmed");
  await product.element.evaluate((/** @type {any} */ element) => element.reload());
  await product.see("Connect your Zendesk account");
  assert.ok(await notice.isVisible());
  await notice.getByRole("button", { name: "Got it" }).click();
  assert.equal(await notice.count(), 0);
});

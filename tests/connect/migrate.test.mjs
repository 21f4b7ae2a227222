// From an API token to OAuth, before Zendesk switches API tokens off: under the same id, and in use all the time.
import assert from "node:assert/strict";
import { API_TOKENS, SECRETS } from "../../www/sandbox/index.js";
import { openToUsers, saveProfile, stage } from "./support/product.mjs";

const test = stage();
const jane = /** @type {const} */ ({ role: "user", subject: "jane" });
const AS_JANE = "role=user&subject=jane";
const TOKEN = { subdomain: "acme", email: "ada@acme.example", apiToken: API_TOKENS.acme };

/** An enabled integration on an API token. @param {import("./support/product.mjs").World} world */
async function onApiToken(world) {
  await world.ask("PUT", "/integration", { authorization: "basic", access: "pre-authorize" });
  const { id } = await world.ask("POST", "/connections", TOKEN);
  const { version } = await world.ask("GET", "/integration");
  assert.equal((await world.ask("POST", "/integration/enable", { version })).state, "enabled");
  return id;
}

for (const flow of /** @type {const} */ (["worker-held", "hand-off"])) {
  test(`an admin moves the integration to OAuth - System, and it never is out of use: ${flow}`, async ({
    world,
    visit,
  }) => {
    const id = await onApiToken(world);
    /** @type {Record<string, string>} */
    const attributes = flow === "hand-off" ? { "redirect-uri": "/pages/callback" } : {};
    const product = await visit({ attributes });
    await product.see("Connected to acme");
    await product.element.getByText(/API tokens work until 30 April 2027, \d+ more days/).waitFor();
    await product.accessible(`admin: on an API token, ${flow}`);
    await product.press("Use OAuth instead");
    await product.hasFocus("setup-title");
    assert.ok(await product.field("OAuth - System").isChecked());
    await product.element
      .getByText("The connection goes on working until Zendesk has confirmed the new access")
      .waitFor();
    assert.equal(await product.field("Subdomain").inputValue(), "acme");
    await product.fill({ Subdomain: "globex" });
    await product.element.getByText("This change takes it out of use").waitFor();
    await product.fill({ Subdomain: "acme" });
    await product.accessible(`admin: moving, ${flow}`);

    const zendesk = await product.lead("Authorize");
    await product.see("Waiting for acme");
    assert.equal((await world.ask("GET", "/integration")).state, "enabled");
    await product.press("Cancel");
    await product.see("Cancelled");
    await zendesk.page.close();
    const kept = await world.ask("GET", `/connections/${id}`);
    assert.deepEqual([kept.authorization, kept.stopsOn], ["basic", "2027-04-30"]);

    await (await product.lead("Authorize")).allow();
    await product.see("Connected to acme");
    await product.seeState("Enabled");
    await product.element.getByText("The API token is no longer used here.").waitFor();
    assert.equal(
      await product.element.getByRole("link", { name: "Open Admin Center of acme" }).getAttribute("href"),
      `${(await world.ask("GET", "/session")).accountTemplate.replace("{subdomain}", "acme")}/admin`,
    );
    assert.equal(await product.button("Use OAuth instead").count(), 0);
    await product.accessible(`admin: moved, ${flow}`);
    const moved = await world.ask("GET", `/connections/${id}`);
    assert.deepEqual([moved.authorization, moved.stopsOn], ["oauth-system", null]);
    assert.notEqual(moved.migratedAt, null);
    const states = (await product.heard("zendesk-integration")).map(({ integration }) => integration.state);
    assert.deepEqual([...new Set(states)], ["enabled"]);
  });
}

test("an admin moves to OAuth - Custom with a new profile", async ({ world, visit }) => {
  const id = await onApiToken(world);
  const product = await visit();
  await product.press("Use OAuth instead");
  await product.field("OAuth - Custom").check();
  await product.fill({
    "Profile name": "Acme support",
    Subdomain: "acme",
    "Client ID": "acme_custom",
    "Client secret": SECRETS.acme_custom,
  });
  await product.element
    .getByText("The connection goes on working until Zendesk has confirmed the new access")
    .waitFor();
  await (await product.lead("Authorize")).allow();
  await product.see("Connected to acme");
  await product.seeState("Enabled");
  const integration = await world.ask("GET", "/integration");
  assert.deepEqual([integration.authorization, integration.connection], ["oauth-custom", id]);
  assert.equal((await world.ask("GET", "/profiles")).profiles[0].id, integration.profile);
});

test("a user moves once the integration is open in OAuth, and not before", async ({ world, visit }) => {
  const { id: tokens } = await world.ask("POST", "/profiles", { mechanism: "basic", name: "Tokens" });
  await openToUsers(world, "basic", tokens);
  const { id } = await world.ask("POST", "/connections", TOKEN, AS_JANE);
  const product = await visit(jane);
  await product.see("Connected to acme");
  assert.equal(await product.button("Use OAuth instead").count(), 0);

  await openToUsers(world, "oauth-custom", (await saveProfile(world)).id);
  await product.element.evaluate((/** @type {any} */ element) => element.reload());
  await product.button("Use OAuth instead").waitFor();
  await product.accessible("user: may move to OAuth");
  await (await product.lead("Use OAuth instead")).allow();
  await product.element.getByText("The API token is no longer used here.").waitFor();
  const moved = await world.ask("GET", `/connections/${id}`, undefined, AS_JANE);
  assert.deepEqual([moved.id, moved.authorization], [id, "oauth-custom"]);
  assert.deepEqual((await world.ask("GET", "/connections?stopping=true")).connections, []);
});

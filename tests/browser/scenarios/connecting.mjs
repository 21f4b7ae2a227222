import assert from "node:assert/strict";
import { FLOWS } from "../support/console-page.mjs";
import { seeFocus, tabTo } from "../support/shown.mjs";

/** @type {import("../support/scenario.mjs").Scenarios} */
export const connecting = {};

for (const flow of FLOWS) {
  for (const mode of /** @type {const} */ (["popup", "redirect"])) {
    connecting[`${flow}, ${mode}`] = async ({ open, context }) => {
      const console = await open();
      await console.fill({ scopes: ["read", "write"] });
      await console.choose({ flow, mode });
      const zendesk = await console.authorizeIn(mode);
      await zendesk.allow();
      const text = await console.seeConnected();
      assert.match(text, /read\s+Read everything\s+Granted/);
      assert.match(text, /write\s+Change everything\s+Granted/);
      assert.doesNotMatch(text, /Not granted/);
      assert.equal(new URL(console.page.url()).search, "", "nothing stays in the address");

      if (mode === "popup" && !zendesk.page.isClosed()) await zendesk.page.waitForEvent("close");
      assert.equal(context.pages().length, 1, "the popup closes itself");
      await console.page.reload();
      await console.seeConnected();
    };
  }
}

connecting["a pasted full URL as subdomain"] = async ({ open, world }) => {
  const console = await open();
  const { page } = console;
  await console.fill({ subdomain: "https://Acme.zendesk.com/agent/dashboard?brand=1#tickets" });
  await page.getByRole("textbox", { name: "Client ID" }).focus();
  assert.equal(await page.getByRole("textbox", { name: "Subdomain" }).inputValue(), "acme");
  await page.getByText(`Your account: ${world.sandbox.origin("acme")}`).waitFor();

  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(() => navigator.clipboard.writeText("acme.zendesk.com"));
  await page.getByRole("textbox", { name: "Subdomain" }).fill("");
  await page.getByRole("textbox", { name: "Subdomain" }).press("Control+V");
  assert.equal(await page.getByRole("textbox", { name: "Subdomain" }).inputValue(), "acme");

  const zendesk = await console.authorizeIn();
  await zendesk.allow();
  await console.seeConnected();
};

connecting["fewer scopes granted than asked for"] = async ({ open, world }) => {
  const console = await open();
  await console.fill({ scopes: ["read", "tickets:write"] });
  world.sandbox.faults.set("token", { kind: "scope", scope: "read", times: 1 });
  const zendesk = await console.authorizeIn();
  await zendesk.allow();
  const text = await console.seeConnected();
  assert.match(text, /read\s+Read everything\s+Granted/);
  assert.match(text, /tickets:write\s+Tickets: write\s+Not granted/);
  assert.match(text, /Zendesk granted less than was asked for\./);
};

connecting["a public client, which has no secret"] = async ({ open }) => {
  const console = await open();
  await console.page.getByRole("textbox", { name: "Profile name" }).fill("Acme public");
  await console.page.getByRole("textbox", { name: "Subdomain" }).fill("acme");
  await console.page.getByRole("radio", { name: /^Public/ }).check();
  assert.equal(await console.secret.count(), 0);
  await console.page.getByRole("textbox", { name: "Client ID" }).fill("acme_public");
  const zendesk = await console.authorizeIn();
  await zendesk.allow();
  await console.seeConnected();
};

connecting["authorize again, and start over"] = async ({ open }) => {
  const console = await open();
  await console.fill();
  await (await console.authorizeIn()).allow();
  await console.seeConnected();

  await (await console.leadIn("Authorize again")).allow();
  await console.seeConnected();

  await console.startOver();
  assert.equal(await console.page.getByRole("textbox", { name: "Subdomain" }).inputValue(), "");
  await console.page.getByRole("button", { name: "Close", exact: true }).click();
  await console.seeConnected();
};

connecting["with the keyboard alone"] = async ({ open }) => {
  const console = await open();
  const { page } = console;
  const { keyboard } = page;
  await page.getByRole("textbox", { name: "Profile name" }).focus();
  await keyboard.type("Acme by keyboard");
  await tabTo(page, "name", "subdomain", 15);
  await keyboard.type("acme");
  await tabTo(page, "name", "clientId", 15);
  await keyboard.type("acme_custom");
  await tabTo(page, "name", "clientSecret", 15);
  await keyboard.type("sandbox-secret-acme-custom-not-real");
  const popup = page.waitForEvent("popup");
  await keyboard.press("Enter");
  const zendesk = await popup;
  await zendesk.getByRole("button", { name: "Sign in", exact: true }).press("Enter");
  await zendesk.getByRole("button", { name: "Allow" }).press("Enter", { noWaitAfter: true });
  await console.seeConnected();
  await seeFocus(page, /^connected-/);
};

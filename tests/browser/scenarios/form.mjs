import assert from "node:assert/strict";
import { assertAccessible } from "../support/axe.mjs";
import { focused, shownText } from "../support/shown.mjs";

/** The form itself. @type {import("../support/scenario.mjs").Scenarios} */
export const form = {};

form["problems show as one types, after a field was left once"] = async ({ open }) => {
  const { page } = await open();
  const subdomain = page.getByRole("textbox", { name: "Subdomain" });
  const note = page.locator("#field-subdomain-note");
  await subdomain.pressSequentially("acme.zendesk.com.evil.example");
  assert.equal(await shownText(note), "", "nothing is said while it is typed for the first time");
  await page.getByRole("textbox", { name: "Profile name" }).focus();
  await note.getByText(/must read something\.zendesk\.com/).waitFor();
  assert.equal(await subdomain.getAttribute("aria-invalid"), "true");
  await assertAccessible(page, "a problem at a field");
  await subdomain.fill("-acme");
  await note.getByText(/must not begin or end with a dash/).waitFor();
  await subdomain.fill("acme");
  await note.getByText(/Your account/).waitFor();
  assert.equal(await subdomain.getAttribute("aria-invalid"), "false");
};

form["all problems are listed, and lead to their fields"] = async ({ open }) => {
  const console = await open();
  const { page } = console;
  await console.authorize();
  const summary = page.locator("#problem-summary");
  await summary.getByText("4 things to correct", { exact: true }).waitFor();
  assert.equal(await focused(page, "id"), "problem-summary");
  await assertAccessible(page, "the list of problems");
  await summary.getByRole("link", { name: /Client ID/ }).click();
  assert.equal(await focused(page, "id"), "field-clientId");
  assert.equal(page.context().pages().length, 1, "no window opens for a form with problems");
};

form["a URL on another host is refused before anything is sent"] = async ({ open, world }) => {
  const console = await open();
  const { page } = console;
  await console.fill();
  await console.disclose("Advanced");
  await page.getByRole("textbox", { name: "Token URL" }).fill(`${world.foreign.origin}/oauth/tokens`);
  await page
    .getByRole("textbox", { name: "Authorization URL" })
    .fill("https://acme.zendesk.com.evil.example/oauth/authorizations/new");
  await console.authorize();
  await page.locator("#problem-summary").getByText("2 things to correct", { exact: true }).waitFor();
  await page
    .locator("#field-tokenUrl-note")
    .getByText(/must be on the account's own host/)
    .waitFor();
  assert.equal(page.context().pages().length, 1);
  await console.secret.fill("");
};

form["the worker's problems come back to their fields, with nothing lost"] = async ({ open }) => {
  const console = await open();
  const { page } = console;
  await console.fill({ clientSecret: "typed-and-not-yet-saved-0123456789" });
  await page.route("**/profiles", (route) =>
    route.fulfill({
      status: 422,
      contentType: "application/problem+json",
      json: {
        type: "urn:zendesk-auth:error:form_invalid",
        title: "form_invalid",
        status: 422,
        code: "form_invalid",
        detail: "some fields of the form are not valid",
        problems: [{ field: "name", code: "field_too_long", message: "this is longer than the field allows" }],
      },
    }),
  );
  await console.authorize();
  await page.locator("#problem-summary").getByText("One thing to correct", { exact: true }).waitFor();
  await page.locator("#field-name-note").getByText("This is too long.").waitFor();
  assert.equal(await console.secret.inputValue(), "typed-and-not-yet-saved-0123456789");
  await page.getByRole("textbox", { name: "Profile name" }).fill("Shorter");
  assert.equal(await shownText(page.locator("#field-name-note")), "");
  await console.secret.fill("");
};

form["a saved secret is never shown again, and can be replaced"] = async ({ open }) => {
  const console = await open();
  const { page } = console;
  await console.fill({ name: "Write-only" });
  const { secret } = console;
  assert.equal(await secret.getAttribute("type"), "password");
  await page.getByRole("button", { name: "Show: Client secret" }).click();
  assert.equal(await secret.getAttribute("type"), "text");
  await (await console.authorizeIn()).deny();
  await console.seeNotice("Access was denied");
  await page.getByText("Saved", { exact: true }).waitFor();
  assert.equal(await secret.count(), 0);

  await page.getByRole("textbox", { name: "Client ID" }).fill("acme_narrow");
  assert.equal(await secret.count(), 1, "a secret is kept for the client that it was typed for");
  await page.getByRole("textbox", { name: "Client ID" }).fill("acme_custom");
  await page.getByRole("button", { name: "Replace" }).click();
  assert.equal(await secret.getAttribute("type"), "password");
  await page.getByRole("button", { name: "Keep the saved secret" }).click();
  assert.equal(await secret.count(), 0);
  await (await console.authorizeIn()).allow();
  await console.seeConnected();
};

form["a broad scope takes the place of its narrower ones"] = async ({ open }) => {
  const console = await open();
  const { page } = console;
  await page.locator("input[value=read]").uncheck();
  await page.getByText("Choose a scope.").waitFor();
  await console.disclose("Single resources");
  await page.locator('input[value="tickets:read"]').check();
  await page.locator('input[value="tickets:write"]').check();
  await page.getByText("Asks for tickets:read tickets:write").waitFor();
  await page.getByText(/Zendesk asks for read or users:read/).waitFor();
  await page.locator("input[value=write]").check();
  await page.getByText("Asks for write tickets:read").waitFor();
  assert.ok(await page.locator('input[value="tickets:write"]').isDisabled());
};

form["the callback URL is copied, and follows the flow"] = async ({ open, world, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const console = await open();
  const { page } = console;
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await page.getByRole("button", { name: "Copied", exact: true }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${world.worker.url}/console/callback`);
  await console.choose({ flow: "worker-held" });
  assert.equal(
    await page.getByLabel("Callback URL", { exact: true }).inputValue(),
    `${world.worker.url}/oauth/callback`,
  );
};

form["a session that has ended is renewed once, unseen"] = async ({ open, world }) => {
  const console = await open();
  await console.fill({ name: "Renewed" });
  // The console's session lasts an hour.
  await world.setWorkerClock(61 * 60_000);
  await (await console.authorizeIn()).signIn();
  await world.setWorkerClock(0);
  await console.cancel();
};

form["the language is chosen on the console, and the element follows"] = async ({ open }) => {
  const { page } = await open();
  await page.getByLabel("Language").selectOption("de");
  await page.getByRole("heading", { name: "Zendesk-Integration" }).waitFor();
  await assertAccessible(page, "the console in German");
  await page.reload();
  await page.getByRole("heading", { name: "Zendesk-Integration" }).waitFor();
  await page.getByLabel("Language").selectOption("");
  await page.getByRole("heading", { name: "Zendesk integration" }).waitFor();
};

form["the worker cannot be reached, and then it can"] = async ({ context, world }) => {
  const page = await context.newPage();
  const session = `${world.worker.url}/session`;
  await page.route(session, (route) => route.abort("connectionfailed"));
  await page.goto(`${world.worker.url}/`);
  const console = page.getByRole("alert").getByText("The worker cannot be reached.");
  await console.waitFor();
  await page.getByRole("heading", { name: "The connection was lost" }).waitFor();
  await assertAccessible(page, "the worker cannot be reached");
  await page.unroute(session);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Zendesk integration" }).waitFor();
  await console.waitFor({ state: "detached" });

  await page.route("**/connections*", (route) => route.abort("connectionfailed"));
  await page.goto(`${world.worker.url}/#users`);
  await console.waitFor();
  await assertAccessible(page, "the users' connections cannot be listed");
  await page.unroute("**/connections*");
  await console.waitFor({ state: "detached" });
};

// Popups and redirects of the worker-held flow: what goes wrong with windows, and the way out of each.
import assert from "node:assert/strict";
import { openToUsers, saveProfile, stage } from "./support/product.mjs";

const test = stage();
const jane = /** @type {const} */ ({ role: "user", subject: "jane" });
const REDIRECT = { ...jane, attributes: { mode: "redirect" } };

test("a closed window is a hint: the answer counts all the same", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(jane);
  await product.fill({ Subdomain: "acme" });
  const zendesk = await product.lead("Connect");
  // As under an opener policy: what the page holds looks closed, while the window goes on.
  const address = zendesk.page.url();
  const other = await zendesk.page.context().newPage();
  await zendesk.page.close();
  await product.element.getByText("The window looks closed.").waitFor();
  await product.see("Waiting for acme");
  await product.accessible("waiting, looks closed");
  await other.goto(address);
  const { ZendeskPage } = await import("../browser/support/zendesk-page.mjs");
  await new ZendeskPage(other).allow();
  await product.see("Connected to acme");
});

test("after a closed window one can try again, or go on in this tab", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(jane);
  await product.fill({ Subdomain: "acme" });
  await (await product.lead("Connect")).page.close();
  await product.button("Try again").waitFor();
  await (await product.lead("Try again")).page.close();
  await product.button("Continue in this tab").waitFor();
  const zendesk = await product.lead("Continue in this tab", "redirect");
  await zendesk.allow();
  await product.see("Connected to acme");
  assert.equal(new URL(product.page.url()).searchParams.has("zendesk_auth_transaction"), false);
  assert.equal((await product.heard("zendesk-connected")).length, 1);
  assert.deepEqual(await product.storage(), {});
});

test("Zendesk's own error page never comes back: there is a visible way out", async ({ world, visit }) => {
  const { id } = await saveProfile(world, { clientId: "unknown_client" });
  await openToUsers(world, "oauth-custom", id);
  const product = await visit(jane);
  await product.page.clock.install();
  const zendesk = await product.lead("Connect");
  await zendesk.page.getByText("No such client").first().waitFor();
  await product.see("Waiting for acme");
  await product.page.clock.fastForward(21_000);
  await product.element.getByText("Zendesk shows an error, such as").waitFor();
  await product.accessible("waiting, slow");
  await product.press("Cancel");
  await product.see("Cancelled");
  await product.hasFocus("notice-title");
  assert.ok(zendesk.page.isClosed());
  assert.deepEqual(await product.storage(), {});
});

test("nobody answers: the wait ends with the transaction", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(jane);
  await product.page.clock.install();
  await product.fill({ Subdomain: "acme" });
  await product.lead("Connect");
  await product.see("Waiting for acme");
  await product.page.clock.fastForward(11 * 60_000);
  await product.see(/^(No answer from Zendesk|That took too long)$/);
  await product.accessible("timed out");
});

test("denied on Zendesk's page", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(jane);
  await product.fill({ Subdomain: "acme" });
  await (await product.lead("Connect")).deny();
  await product.see("Access was denied");
  await product.accessible("denied");
  assert.deepEqual(
    (await product.heard("zendesk-failed")).map(({ code }) => code),
    ["access_denied"],
  );
  assert.equal(await product.field("Subdomain").inputValue(), "acme");
  await product.press("Got it");
  assert.equal(await product.element.locator(".notice").count(), 0);
});

test("a blocked window: the redirect is offered, and works", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(jane);
  await product.page.evaluate(() => {
    window.open = () => null;
  });
  await product.fill({ Subdomain: "acme" });
  await product.press("Connect");
  await product.see("Your browser blocked the window");
  await product.hasFocus("notice-title");
  await product.accessible("blocked");
  await (await product.lead("Continue in this tab", "redirect")).allow();
  await product.see("Connected to acme");
});

test("by redirect, as chosen: there and back, with the answer told once", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(REDIRECT);
  await product.fill({ Subdomain: "acme" });
  await (await product.lead("Connect", "redirect")).allow();
  await product.see("Connected to acme");
  assert.equal((await product.heard("zendesk-connected")).length, 1);
  await product.page.reload();
  await product.see("Connected to acme");
  assert.deepEqual(await product.heard("zendesk-connected"), []);
});

test("by redirect, denied", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(REDIRECT);
  await product.fill({ Subdomain: "acme" });
  await (await product.lead("Connect", "redirect")).deny();
  await product.see("Access was denied");
});

test("back by the browser's button is a cancellation", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(REDIRECT);
  await product.fill({ Subdomain: "acme" });
  await product.lead("Connect", "redirect");
  await product.page.goBack();
  await product.see("Cancelled");
  assert.deepEqual(await product.storage(), {});
});

test("a reload goes on waiting for the same window", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(jane);
  await product.fill({ Subdomain: "acme" });
  const zendesk = await product.lead("Connect");
  await product.page.reload();
  await product.see("Waiting for acme");
  await zendesk.allow();
  await product.see("Connected to acme");
});

test("what belongs to another person who signed in meanwhile is not gone on with", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(jane);
  await product.fill({ Subdomain: "acme" });
  await product.lead("Connect");
  await product.page.goto(product.page.url().replace("subject=jane", "subject=joe"));
  await product.loaded();
  await product.see("Connect your Zendesk account");
  assert.equal(await product.element.getByText("Waiting for").count(), 0);
});

test("an element that leaves the page takes its window and what was typed along", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(jane);
  await product.fill({ Subdomain: "acme" });
  const zendesk = await product.lead("Connect");
  await product.see("Waiting for acme");
  const closed = zendesk.page.waitForEvent("close");
  await product.element.evaluate((element) => element.remove());
  await closed;
  assert.deepEqual(await product.storage(), {});
});

test("an element that is moved within the page goes on", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(jane);
  await product.fill({ Subdomain: "acme" });
  const zendesk = await product.lead("Connect");
  await product.see("Waiting for acme");
  await product.element.evaluate((element) => document.body.append(element));
  await zendesk.allow();
  await product.see("Connected to acme");
});

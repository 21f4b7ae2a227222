import assert from "node:assert/strict";
import { API_TOKENS } from "../../../www/sandbox/index.js";
import { assertAccessible } from "../support/axe.mjs";
import { LinkPage } from "../support/link-page.mjs";
import { PHONE } from "../support/scenario.mjs";
import { serviceOf } from "../support/service.mjs";

/** Links that one end user follows, on a phone as a rule. @type {import("../support/scenario.mjs").Scenarios} */
export const links = {};

const WIDTH = 390;

links["created in the console, followed on a phone, back to the conversation"] = async (stage) => {
  const { world, elsewhere } = stage;
  const console = await linksOf(stage);
  await assertAccessible(console.page, "the console's links, none");
  const { url, card } = await console.createLink({ subject: "jane", name: "Jane Doe" });
  await card.getByText("Not opened yet").waitFor();
  await assertAccessible(console.page, "the console's links, one not opened");

  const page = await (await elsewhere(PHONE)).newPage();
  const phone = new LinkPage(page);
  assert.equal(await phone.open(url), 200);
  await phone.see("page.link.title", WIDTH);
  await page.getByText("Example Product asks to connect to Zendesk for Jane Doe.").waitFor();
  assert.equal(await page.locator("input").count(), 0, "who it is for is said before anything is asked");
  await phone.confirm("Jane Doe");
  await page.locator("input[name=subdomain]").waitFor();
  await card.getByText("Opened", { exact: true }).waitFor();
  await assertAccessible(console.page, "the console's links, one opened");

  await phone.fill({ subdomain: "help.acme.com" });
  await phone.goOn();
  await page.getByText("This looks like your help center's own domain").waitFor();
  assert.equal(await page.locator("input[name=subdomain]").inputValue(), "help.acme.com", "what was typed stays");
  await assertAccessible(page, "link: a subdomain that is none");
  await phone.fill({ subdomain: "https://acme.zendesk.com/agent/dashboard" });
  await phone.goOn();
  await (await phone.zendesk()).allow("grace@acme.example");
  await phone.seeDone(/Example Product is connected to the Zendesk account acme as Grace Moss\./);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), WIDTH, "it fits");

  await card.getByText("Connected", { exact: true }).waitFor();
  await assertAccessible(console.page, "the console's links, one used");
  await console.goTo("Users");
  await console.seeUsers({ jane: /acme\s+as Grace Moss/ });
  const heard = await events(world, "connection.created");
  assert.equal(heard.length, 1);
  assert.equal(typeof heard[0].link, "string");
};

links["in German, because the conversation is"] = async (stage) => {
  const { elsewhere } = stage;
  const console = await linksOf(stage);
  const { url } = await console.createLink({ subject: "jana", name: "Jana Weiß", language: "de" });
  const page = await (await elsewhere({ ...PHONE, locale: "en-US" })).newPage();
  const phone = new LinkPage(page, "de");
  await phone.open(url);
  await phone.see("page.link.title", WIDTH);
  await phone.confirm("Jana Weiß");
  await phone.see("page.link.title");
  await phone.fill({ subdomain: "acme" });
  await phone.goOn();
  const zendesk = await phone.zendesk();
  await zendesk.deny();
  await phone.see("page.failed.denied", WIDTH);
  await page.getByRole("link", { name: phone.text("page.failed.again") }).click();
  await phone.fill({ subdomain: "acme" });
  await phone.goOn();
  await (await phone.zendesk()).allow();
  await phone.seeDone(/Sie können zur Unterhaltung zurückkehren\./);
};

links["in the browser's language where the conversation's is not known"] = async (stage) => {
  const { url } = await (await linksOf(stage)).createLink({ subject: "yuki" });
  const phone = new LinkPage(await (await stage.elsewhere({ ...PHONE, locale: "ja-JP" })).newPage(), "ja");
  await phone.open(url);
  await phone.see("page.link.title", WIDTH);
};

links["with Basic: the API token is checked, and asked for again where it is wrong"] = async (stage) => {
  const { open, world, elsewhere } = stage;
  const console = await open();
  await console.way("basic", "allow-users");
  await console.page.getByRole("textbox", { name: "Profile name" }).fill("By API token");
  await console.press("Save");
  await console.enable();
  await console.goTo("Links");
  const { url, card } = await console.createLink({ subject: "jane", name: "Jane Doe" });
  const page = await (await elsewhere(PHONE)).newPage();
  const phone = new LinkPage(page);
  await phone.open(url);
  await phone.confirm("Jane Doe");
  await phone.fill({ subdomain: "acme", email: "edsger@acme.example", apiToken: API_TOKENS.acmeDeactivated });
  await assertAccessible(page, "link: the Basic form");
  await phone.connect();
  await page.getByText("Zendesk does not accept this e-mail address with this API token").waitFor();
  await assertAccessible(page, "link: a wrong API token");
  assert.equal(await page.locator("input[name=email]").inputValue(), "edsger@acme.example");
  assert.equal(await page.locator("input[name=apiToken]").inputValue(), "", "a secret is not sent back");
  await phone.fill({ apiToken: API_TOKENS.acme });
  await phone.connect();
  await phone.seeDone(/as Edsger Vries\./);
  await card.getByText("Connected", { exact: true }).waitFor();
  assert.equal((await events(world, "connection.failed")).length, 1);
};

links["passed on to a second browser, which is refused"] = async (stage) => {
  const { elsewhere } = stage;
  const { url } = await (await linksOf(stage)).createLink({ subject: "jane", name: "Jane Doe" });
  const first = new LinkPage(await (await elsewhere(PHONE)).newPage());
  const second = new LinkPage(await (await elsewhere(PHONE)).newPage());
  // Messengers look at links before people do.
  assert.equal(await second.open(url), 200);
  await first.open(url);
  await first.confirm("Jane Doe");
  await first.page.locator("input[name=subdomain]").waitFor();
  await second.confirm("Jane Doe");
  await second.see("page.link.other_browser.title", WIDTH);
  assert.equal(await second.page.locator("form").count(), 0);
  await second.open(url);
  await second.see("page.link.other_browser.title");

  await first.fill({ subdomain: "acme" });
  await first.goOn();
  await (await first.zendesk()).allow();
  await first.seeDone(/as Ada Byron\./);
};

links["what Zendesk answers to another browser connects nothing"] = async (stage) => {
  const { world, elsewhere } = stage;
  const { url } = await (await linksOf(stage)).createLink({ subject: "jane", name: "Jane Doe" });
  const first = new LinkPage(await (await elsewhere(PHONE)).newPage());
  await first.open(url);
  await first.confirm("Jane Doe");
  await first.fill({ subdomain: "acme" });
  await first.goOn();
  const zendesk = await first.zendesk();
  await zendesk.signIn();
  // The authorization URL is sent to somebody else, who allows.
  const victim = new LinkPage(await (await elsewhere(PHONE)).newPage());
  const before = world.sandbox.account("acme").tokens.all().length;
  await victim.open(zendesk.page.url());
  await (await victim.zendesk()).allow("grace@acme.example");
  await victim.see("page.failed.other_browser");
  assert.equal(world.sandbox.account("acme").tokens.all().length, before, "their account went nowhere");
};

links["for one Zendesk user: another is not connected"] = async (stage) => {
  const { elsewhere, world } = stage;
  const console = await linksOf(stage);
  const { url, card } = await console.createLink({ subject: "jane", name: "Jane Doe", email: "grace@acme.example" });
  const page = await (await elsewhere(PHONE)).newPage();
  const phone = new LinkPage(page);
  await phone.open(url);
  await page.getByText("grace@acme.example").waitFor();
  await phone.confirm("Jane Doe");
  await phone.fill({ subdomain: "acme" });
  await phone.goOn();
  await (await phone.zendesk()).allow();
  await phone.see("page.failed.title", WIDTH);
  await page.getByText("This link is for another Zendesk user").waitFor();
  const service = serviceOf(world);
  const { json } = await service.call("GET", "/connections", await service.admin());
  assert.deepEqual(json.connections, []);
  await page.getByRole("link", { name: phone.text("page.failed.again") }).click();
  await phone.fill({ subdomain: "acme" });
  await phone.goOn();
  const zendesk = await phone.zendesk();
  await page.getByRole("button", { name: "Use another user" }).click();
  await zendesk.allow("grace@acme.example");
  await phone.seeDone(/as Grace Moss\./);
  await card.getByText("Connected", { exact: true }).waitFor();
};

links["used, it cannot be used again"] = async (stage) => {
  const { url } = await (await linksOf(stage)).createLink({ subject: "jane", name: "Jane Doe" });
  const phone = new LinkPage(await (await stage.elsewhere(PHONE)).newPage());
  await phone.open(url);
  await phone.confirm("Jane Doe");
  await phone.fill({ subdomain: "acme" });
  await phone.goOn();
  await (await phone.zendesk()).allow();
  await phone.seeDone(/as Ada Byron\./);
  assert.equal(await phone.open(url), 410);
  await phone.see("page.link.used.title", WIDTH);
  await phone.page.getByText(phone.text("page.link.new")).waitFor();
};

links["expired, it says so, and a sweep tells of it"] = async (stage) => {
  const { world } = stage;
  const console = await linksOf(stage);
  const { url, card } = await console.createLink({ subject: "jane", name: "Jane Doe", lifetime: "5 minutes" });
  const phone = new LinkPage(await (await stage.elsewhere(PHONE)).newPage());
  await world.setWorkerClock(5 * 60_000 + 1_000);
  await world.worker.sweep();
  const [expired] = await events(world, "link.expired");
  assert.equal(expired?.subject, "user:jane");
  assert.equal(await phone.open(url), 410);
  await phone.see("page.link.expired.title", WIDTH);
  await card.getByText("Expired", { exact: true }).waitFor();
  await assertAccessible(console.page, "the console's links, one expired");
};

links["revoked in the console, it says so"] = async (stage) => {
  const console = await linksOf(stage);
  const { url, card } = await console.createLink({ subject: "jane", name: "Jane Doe" });
  const phone = new LinkPage(await (await stage.elsewhere(PHONE)).newPage());
  await phone.open(url);
  await card.getByRole("button", { name: /^Revoke/ }).click();
  await card.getByText("Revoked", { exact: true }).waitFor();
  await assertAccessible(console.page, "the console's links, one revoked");
  await phone.confirm("Jane Doe");
  await phone.see("page.link.revoked.title", WIDTH);
  assert.equal(await phone.open(url), 410);
  await phone.see("page.link.revoked.title");
};

links["whoever it is not for says so, which ends it"] = async (stage) => {
  const { world, elsewhere } = stage;
  const { url, card } = await (await linksOf(stage)).createLink({ subject: "jane", name: "Jane Doe" });
  const phone = new LinkPage(await (await elsewhere(PHONE)).newPage());
  await phone.open(url);
  await phone.decline();
  await phone.see("page.link.declined.title", WIDTH);
  await card.getByText("Revoked", { exact: true }).waitFor();
  const [revoked] = await events(world, "link.revoked");
  assert.equal(revoked?.by, "recipient");
};

links["that nobody made is not known"] = async ({ world, elsewhere }) => {
  const phone = new LinkPage(await (await elsewhere(PHONE)).newPage());
  assert.equal(await phone.open(`${world.worker.url}/authorize/${"x".repeat(43)}`), 404);
  await phone.see("page.link.unknown.title", WIDTH);
};

links["the console opens the link's page as the end user, and copies it"] = async (stage) => {
  const { context } = stage;
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const console = await linksOf(stage);
  const { page } = console;
  const { url, card } = await console.createLink({ subject: "jane", name: "Jane Doe" });
  await card.getByRole("button", { name: "Copy the link for Jane Doe" }).click();
  await card.getByRole("button", { name: "Copied the link for Jane Doe" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), url);
  const opened = context.waitForEvent("page");
  await card.getByRole("button", { name: "Open as Jane Doe" }).click();
  const phone = new LinkPage(await opened);
  await phone.see("page.link.title");
  const { width } = await phone.page.evaluate(() => ({ width: innerWidth }));
  assert.ok(width <= 500, `a window of a phone's size, not ${width} wide`);
  await phone.confirm("Jane Doe");
  await phone.fill({ subdomain: "globex" });
  await phone.goOn();
  await (await phone.zendesk()).allow();
  await phone.seeDone(/account globex as Hedy Lamm\./);
  await card.getByText("Connected", { exact: true }).waitFor();
};

links["the console says what is missing for a link"] = async ({ open, world }) => {
  const console = await open();
  await console.goTo("Links");
  await console.page.getByText("Links are for integrations that let users authorize.").waitFor();
  await assertAccessible(console.page, "the console's links, not possible");
  await console.goTo("Integration");
  await console.way("oauth-system", "allow-users");
  await console.press("Save");
  await console.goTo("Links");
  await console.page.getByText("Links work once the integration is enabled.").waitFor();
  await console.goTo("Integration");
  await console.enable();
  await console.goTo("Links");

  await console.press("Create link");
  const subject = console.page.getByRole("textbox", { name: "End user" });
  await console.page.locator("#link-subject-note .problem").waitFor();
  assert.equal(await subject.getAttribute("aria-invalid"), "true");
  await assertAccessible(console.page, "the console's links, a problem at a field");
  await subject.fill("jane");
  assert.equal(await subject.getAttribute("aria-invalid"), "false");

  // Somebody else takes the integration out of use meanwhile.
  const service = serviceOf(world);
  await service.call("POST", "/integration/disable", await service.admin());
  await console.press("Create link");
  await console.page
    .getByRole("alert")
    .getByText(/not enabled/)
    .waitFor();
  assert.equal(await subject.inputValue(), "jane", "what was typed stays");
};

/** The console's page of links, with users let in by the operator's own client. @param {import("../support/scenario.mjs").Stage} stage */
async function linksOf({ open, world }) {
  await serviceOf(world).openToUsers();
  const console = await open();
  return console.goTo("Links");
}

/**
 * @param {import("../support/world.mjs").World} world
 * @param {string} type
 * @returns {Promise<any[]>} of the latest run
 */
async function events(world, type) {
  const { events: all } = /** @type {{ events: any[] }} */ (await world.workerRecord());
  const since = all.findLastIndex((event) => event.type === "integration.enabled");
  return all.slice(since).filter((event) => event.type === type);
}

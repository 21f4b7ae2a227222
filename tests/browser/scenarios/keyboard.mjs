import assert from "node:assert/strict";
import { API_TOKENS, SECRETS } from "../../../www/sandbox/index.js";
import { ConsolePage } from "../support/console-page.mjs";
import { LinkPage } from "../support/link-page.mjs";
import { serviceOf } from "../support/service.mjs";
import { pickByKeyboard, pressByKeyboard, seeFocus, tabTo } from "../support/shown.mjs";
import { UserPage } from "../support/user-page.mjs";
import { ZendeskPage } from "../support/zendesk-page.mjs";

/** No pointer from the first page to the last. @type {import("../support/scenario.mjs").Scenarios} */
export const keyboard = {};

const CUSTOM = { name: "By keyboard", subdomain: "acme", clientId: "acme_custom", clientSecret: SECRETS.acme_custom };
const BASIC = { subdomain: "acme", email: "ada@acme.example", apiToken: API_TOKENS.acme };

/** What each way asks of the admin, and then of a user. */
const WAYS = /** @type {const} */ ([
  { authorization: "basic", access: "pre-authorize", form: BASIC },
  { authorization: "basic", access: "allow-users", form: { name: "By API token" }, user: BASIC },
  { authorization: "oauth-system", access: "pre-authorize", form: { subdomain: "acme" } },
  { authorization: "oauth-system", access: "allow-users", user: { subdomain: "acme" } },
  { authorization: "oauth-custom", access: "pre-authorize", form: CUSTOM },
  { authorization: "oauth-custom", access: "allow-users", form: CUSTOM, user: {} },
]);

for (const { authorization, access, ...asked } of WAYS) {
  keyboard[`${authorization}, ${access}`] = async ({ context, world, elsewhere }) => {
    const console = new ConsolePage(await context.newPage(), world);
    const { page } = console;
    await page.goto(`${world.worker.url}/`);
    await console.loaded();
    await pickByKeyboard(page, "authorization", authorization);
    await pickByKeyboard(page, "access", access);
    const isOauth = authorization !== "basic";
    const isShared = access === "pre-authorize";
    if ("form" in asked) await type(page, asked.form);
    const popup = isShared && isOauth ? page.waitForEvent("popup") : undefined;
    if ("form" in asked) await page.keyboard.press("Enter");
    else await pressByKeyboard(page, "Save");
    if (popup) await allow(new ZendeskPage(await popup));
    if (isShared) {
      await console.seeConnected({ basic: !isOauth });
      await seeFocus(page, /^connected-/);
    } else {
      await console.seeState("Ready to be enabled");
      await seeFocus(page, /^state-title$/);
    }
    await pressByKeyboard(page, "Enable");
    await console.seeState("Enabled");
    await seeFocus(page, /^state-title$/);
    if (!("user" in asked)) return;

    const user = await new UserPage(await (await elsewhere()).newPage(), world).open("jane", { flow: "worker-held" });
    await type(user.page, asked.user);
    const consent = isOauth ? user.page.waitForEvent("popup") : undefined;
    if (Object.keys(asked.user).length > 0) await user.page.keyboard.press("Enter");
    else await pressByKeyboard(user.page, "Connect");
    if (consent) await allow(new ZendeskPage(await consent));
    await user.seeConnected({ basic: !isOauth });
    await seeFocus(user.page, /^connected-/);
    await pressByKeyboard(user.page, "Disconnect");
    await seeFocus(user.page, /^part-confirm$/);
    await user.page.keyboard.press("Enter");
    await user.seeNotice("Disconnected from acme");
    await seeFocus(user.page, /^farewell-title$/);
  };
}

keyboard["the console's users and links, and the link's page"] = async ({ context, world, elsewhere }) => {
  await serviceOf(world).openToUsers();
  const console = new ConsolePage(await context.newPage(), world);
  const { page } = console;
  await page.goto(`${world.worker.url}/`);
  await console.loaded();
  await pressByKeyboard(page, "Links");
  await tabTo(page, "name", "subject");
  await page.keyboard.type("jane");
  await page.keyboard.press("Enter");
  const card = page.getByRole("article", { name: "Link for jane" });
  await card.waitFor();
  await seeFocus(page, /^link-/);
  const url = await card.getByRole("textbox", { name: "Link" }).inputValue();

  const visitor = new LinkPage(await (await elsewhere()).newPage());
  await visitor.open(url);
  await pressByKeyboard(visitor.page, "Yes, I am jane: continue");
  await visitor.page.locator("input[name=subdomain]").waitFor();
  await type(visitor.page, { subdomain: "acme" });
  await visitor.page.keyboard.press("Enter");
  await allow(await visitor.zendesk());
  await visitor.seeDone(/as Ada Byron\./);

  await card.getByText("Connected", { exact: true }).waitFor();
  await pressByKeyboard(page, "Users connected: 1");
  await console.seeUsers({ jane: /acme/ });
  const part = "Disconnect jane from acme";
  await pressByKeyboard(page, part);
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  assert.equal(
    await page.getByRole("button", { name: part }).evaluate((button) => button === document.activeElement),
    true,
  );
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("jane is disconnected from acme.").waitFor();
  await seeFocus(page, /^users-title$/);
};

/**
 * @param {import("playwright-core").Page} page
 * @param {Readonly<Record<string, string>>} values
 */
async function type(page, values) {
  for (const [name, value] of Object.entries(values)) {
    await tabTo(page, "name", name);
    await page.keyboard.type(value);
  }
}

/** @param {ZendeskPage} zendesk */
async function allow({ page }) {
  await page.getByRole("button", { name: "Sign in", exact: true }).press("Enter");
  await page.getByRole("button", { name: "Allow" }).press("Enter", { noWaitAfter: true });
}

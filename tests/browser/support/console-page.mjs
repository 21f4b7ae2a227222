import assert from "node:assert/strict";
import { SECRETS } from "../../../www/sandbox/index.js";
import { assertAccessible } from "./axe.mjs";
import { ConnectElement } from "./connect-element.mjs";
import { shownText } from "./shown.mjs";

export { FLOWS } from "./connect-element.mjs";
export { assertSentences, shownText } from "./shown.mjs";
export { ZendeskPage } from "./zendesk-page.mjs";

/**
 * @typedef {import("./connect-element.mjs").Flow} Flow
 * @typedef {import("./connect-element.mjs").Mode} Mode
 * @typedef {"basic" | "oauth-system" | "oauth-custom"} Authorization
 * @typedef {"pre-authorize" | "allow-users"} Access
 * @typedef {{ name?: string, subdomain?: string, clientId?: string, clientSecret?: string, scopes?: string[] }} Filling
 */

/** The console as an admin uses it. */
export class ConsolePage extends ConnectElement {
  /** The empty form of a new profile of the admin's own OAuth client, whatever there is already. */
  async open() {
    await this.page.goto(`${this.world.worker.url}/`);
    await this.loaded();
    await this.startOver();
    return this;
  }

  async startOver() {
    await this.way("oauth-custom", "pre-authorize");
    const fresh = this.page.getByRole("radio", { name: "New profile" });
    if (await fresh.isVisible()) await fresh.check();
    await this.page.getByRole("textbox", { name: "Profile name" }).waitFor();
  }

  /**
   * @param {Authorization} authorization
   * @param {Access} access
   */
  async way(authorization, access) {
    const { page } = this;
    const setUp = page.getByRole("button", { name: /^(Change|Set up)$/ });
    const choice = page.locator(`input[name=authorization][value=${authorization}]`);
    await setUp.or(choice).first().waitFor();
    if (await setUp.isVisible()) await setUp.click();
    await choice.check();
    await page.locator(`input[name=access][value=${access}]`).check();
    return this;
  }

  /** @param {Filling} [filling] */
  async fill(filling = {}) {
    const { page } = this;
    const subdomain = filling.subdomain ?? "acme";
    await page.getByRole("textbox", { name: "Profile name" }).fill(filling.name ?? "Acme support");
    await page.getByRole("textbox", { name: "Subdomain" }).fill(subdomain);
    await page.getByRole("textbox", { name: "Client ID" }).fill(filling.clientId ?? "acme_custom");
    await this.secret.fill(filling.clientSecret ?? SECRETS.acme_custom);
    if (filling.scopes) await this.chooseScopes(filling.scopes);
    return this;
  }

  /** The input of a new client secret, where there is one. */
  get secret() {
    return this.page.locator("input[name=clientSecret]");
  }

  /** @param {string[]} scopes */
  async chooseScopes(scopes) {
    if (scopes.some((scope) => scope.includes(":"))) await this.disclose("Single resources");
    const boxes = this.page.locator("input[type=checkbox][value]");
    for (const name of ["read", "write", "impersonate"]) {
      await this.page.locator(`input[type=checkbox][value="${name}"]`).setChecked(scopes.includes(name));
    }
    for (const name of scopes.filter((scope) => scope.includes(":"))) {
      await this.page.locator(`input[type=checkbox][value="${name}"]`).check();
    }
    assert.ok((await boxes.count()) > 40);
  }

  /** @param {string} summary */
  async disclose(summary) {
    const details = this.page.locator("details", { has: this.page.getByText(summary, { exact: true }) });
    if ((await details.getAttribute("open")) === null) await details.locator("summary").click();
  }

  /** @param {{ flow: Flow, mode?: Mode }} choice */
  async choose({ flow, mode = "popup" }) {
    await this.page.getByLabel("Who keeps the transaction").selectOption(flow);
    await this.page.getByLabel("Zendesk opens in").selectOption(mode);
    return this;
  }

  async authorize() {
    await this.page.getByRole("button", { name: "Authorize", exact: true }).click();
  }

  /** Clicks Authorize and gives Zendesk's page: the popup, or this tab. */
  authorizeIn(/** @type {Mode} */ mode = "popup") {
    return this.leadIn("Authorize", mode);
  }

  /** @param {string} button */
  async press(button) {
    await this.page.getByRole("button", { name: button, exact: true }).click();
  }

  async enable() {
    await this.page.getByRole("button", { name: "Enable", exact: true }).click();
    await this.seeState("Enabled");
  }

  /** @param {string} state */
  async seeState(state) {
    const card = this.page.locator("section.state");
    await card.getByText(state, { exact: true }).waitFor();
    await assertAccessible(this.page, `integration: ${state}`);
  }

  /** @param {"Integration" | "Users" | "Links"} name */
  async goTo(name) {
    await this.page.getByRole("navigation").getByRole("link", { name }).click();
    return this;
  }

  /** These users are connected, and no others. @param {Record<string, RegExp>} expected */
  async seeUsers(expected) {
    const items = this.page.locator(".connections > li");
    await this.page.waitForFunction(
      (count) => document.querySelectorAll(".connections > li").length === count,
      Object.keys(expected).length,
    );
    for (const [subject, text] of Object.entries(expected)) {
      const item = items.filter({ has: this.page.getByRole("heading", { name: subject, exact: true }) });
      assert.match(await shownText(item), text);
    }
  }

  /**
   * @param {string} subject
   * @param {string} account
   */
  async disconnect(subject, account) {
    await this.page.getByRole("button", { name: `Disconnect ${subject} from ${account}` }).click();
    const dialog = this.page.getByRole("dialog", { name: `Disconnect ${subject} from ${account}?` });
    await dialog.waitFor();
    await assertAccessible(this.page, "the console asks before it disconnects");
    await dialog.getByRole("button", { name: "Disconnect", exact: true }).click();
  }

  /**
   * On the page of links.
   *
   * @param {{ subject: string, name?: string, email?: string, language?: string, lifetime?: string }} link
   */
  async createLink({ subject, name = subject, email = "", language = "", lifetime = "15 minutes" }) {
    const { page } = this;
    await page.getByRole("textbox", { name: "End user" }).fill(subject);
    await page.getByRole("textbox", { name: "Name" }).fill(name);
    await page.getByRole("textbox", { name: "E-mail address" }).fill(email);
    await page.locator("select[name=language]").selectOption(language);
    await page.getByLabel("Works for").selectOption(lifetime);
    await this.press("Create link");
    const card = page.getByRole("article", { name: `Link for ${name}` }).first();
    const url = await card.getByRole("textbox", { name: "Link" }).inputValue();
    assert.ok(url.startsWith(`${this.world.worker.url}/authorize/`), url);
    return { url, card };
  }
}

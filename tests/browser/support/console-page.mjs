import assert from "node:assert/strict";
import { SECRETS } from "../../../www/sandbox/index.js";
import { assertAccessible } from "./axe.mjs";
import { ConnectElement } from "./connect-element.mjs";

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
}

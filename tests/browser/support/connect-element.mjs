import assert from "node:assert/strict";
import { assertAccessible } from "./axe.mjs";
import { assertSentences, shownText } from "./shown.mjs";
import { ZendeskPage } from "./zendesk-page.mjs";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {"hand-off" | "worker-held"} Flow
 * @typedef {"popup" | "redirect"} Mode
 */

export const FLOWS = /** @type {const} */ (["hand-off", "worker-held"]);

const WAIT = 20_000;

/** What `<zendesk-connect>` shows to anybody, admin or user. */
export class ConnectElement {
  /**
   * @param {Page} page
   * @param {import("./world.mjs").World} world
   */
  constructor(page, world) {
    this.page = page;
    this.world = world;
    page.setDefaultTimeout(WAIT);
  }

  async loaded() {
    await this.page.locator("zendesk-connect").locator("section, article").first().waitFor();
  }

  /**
   * Clicks a button that leads to Zendesk, and gives Zendesk's page: the popup, or this tab.
   *
   * @param {string} button
   * @param {Mode} mode
   */
  async leadIn(button, mode = "popup") {
    const popup = mode === "popup" ? this.page.waitForEvent("popup") : undefined;
    await this.page.getByRole("button", { name: button, exact: true }).first().click();
    const zendesk = (await popup) ?? this.page;
    await zendesk.waitForURL((url) => url.hostname.endsWith(".localhost"), { timeout: WAIT });
    return new ZendeskPage(zendesk);
  }

  /** @param {string} title */
  async seeNotice(title) {
    const notice = this.page.locator(".notice", { has: this.page.getByRole("heading", { name: title, exact: true }) });
    await notice.waitFor();
    const text = await shownText(notice);
    assertSentences(text, title);
    await assertAccessible(this.page, title);
    return text;
  }

  /** @param {{ account?: string, name?: string, basic?: boolean }} [expected] */
  async seeConnected({ account = "acme", name = "Ada Byron", basic = false } = {}) {
    const card = this.page.locator("article.connection").first();
    await card.getByRole("heading", { name: `Connected to ${account}`, exact: true }).waitFor();
    const text = await shownText(card);
    assert.match(text, new RegExp(name));
    assert.match(text, new RegExp(`${name.split(" ")[0]?.toLowerCase()}@${account}\\.example`));
    if (basic) assert.doesNotMatch(text, /expires|Scopes/);
    else assert.match(text, /in (29|30) minutes/);
    const link = await card.getByRole("link").first().getAttribute("href");
    assert.equal(link, this.world.sandbox.origin(account));
    await assertAccessible(this.page, `connected${basic ? ", Basic" : ""}`);
    return text;
  }

  async seeWaiting() {
    await this.page.getByRole("heading", { name: /^Waiting for/ }).waitFor();
  }

  /** Which is only a hint. */
  async seeLooksClosed() {
    const hint = this.page
      .locator("zendesk-connect")
      .getByText(/^The window looks closed\..* this page is still waiting\.$/);
    await hint.waitFor();
  }

  async cancel() {
    await this.page.getByRole("button", { name: "Cancel" }).click();
    return this.seeNotice("Cancelled");
  }
}

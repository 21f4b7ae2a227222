import assert from "node:assert/strict";
import { textsOf } from "../../../pkg-config/component.mjs";
import { assertAccessible } from "./axe.mjs";
import { ZendeskPage } from "./zendesk-page.mjs";

/** The hosted pages behind an authorization link, in one language. */
export class LinkPage {
  /**
   * @param {import("playwright-core").Page} page
   * @param {string} [language]
   */
  constructor(page, language = "en") {
    this.page = page;
    this.language = language;
    this.texts = textsOf(language);
    page.setDefaultTimeout(20_000);
  }

  /** @param {string} key @param {Record<string, string>} [values] */
  text(key, values = {}) {
    return (this.texts[key] ?? assert.fail(key)).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  /** @param {string} url */
  async open(url) {
    const answer = await this.page.goto(url);
    return answer?.status();
  }

  /** @param {string} key of its title @param {number} [width] nothing sticks out of a page as wide as this */
  async see(key, width) {
    await this.page.getByRole("heading", { name: this.text(key), exact: true }).waitFor();
    assert.equal(await this.page.locator("html").getAttribute("lang"), this.language);
    await assertAccessible(this.page, `link, ${this.language}: ${key}`);
    if (width === undefined) return;
    assert.equal(await this.page.evaluate(() => document.documentElement.scrollWidth), width, "it fits");
  }

  /** @param {string} name of the end user */
  async confirm(name) {
    await this.page.getByRole("button", { name: this.text("page.link.begin", { user: name }) }).click();
  }

  async decline() {
    await this.page.getByRole("button", { name: this.text("page.link.decline") }).click();
  }

  /** @param {Record<string, string>} values */
  async fill(values) {
    for (const [name, value] of Object.entries(values)) await this.page.locator(`input[name=${name}]`).fill(value);
    return this;
  }

  async goOn() {
    await this.page.getByRole("button", { name: this.text("page.link.continue") }).click();
  }

  async connect() {
    await this.page.getByRole("button", { name: this.text("page.link.connect") }).click();
  }

  /** Zendesk's page, in the same tab. */
  async zendesk() {
    await this.page.waitForURL((url) => url.hostname.endsWith(".localhost"));
    return new ZendeskPage(this.page);
  }

  /** The last page: who is connected, and the way back to the conversation. @param {RegExp} who */
  async seeDone(who) {
    await this.see("page.done.title");
    const text = await this.page.locator("main").innerText();
    assert.match(text, who);
    assert.ok(text.includes(this.text("page.done.conversation")));
  }
}

import assert from "node:assert/strict";
import { SECRETS } from "../../../www/sandbox/index.js";
import { assertAccessible } from "./axe.mjs";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").BrowserContext} Context
 * @typedef {"hand-off" | "worker-held"} Flow
 * @typedef {"popup" | "redirect"} Mode
 * @typedef {{ name?: string, subdomain?: string, clientId?: string, clientSecret?: string, scopes?: string[] }} Filling
 */

export const FLOWS = /** @type {const} */ (["hand-off", "worker-held"]);

const WAIT = 10_000;

/** The console as a person uses it. */
export class ConsolePage {
  /**
   * @param {Page} page
   * @param {import("./world.mjs").World} world
   */
  constructor(page, world) {
    this.page = page;
    this.world = world;
    page.setDefaultTimeout(WAIT);
  }

  async open() {
    await this.page.goto(`${this.world.worker.url}/`);
    await this.page.locator("form, article.connection, .notice").first().waitFor();
    const startOver = this.page.getByRole("button", { name: "Start over" });
    if (await startOver.isVisible()) await startOver.click();
    const picker = this.page.getByLabel("Profile", { exact: true });
    if (await picker.isVisible()) await picker.selectOption("");
    return this;
  }

  /** @param {Filling} [filling] */
  async fill(filling = {}) {
    const { page } = this;
    const subdomain = filling.subdomain ?? "acme";
    await page.getByLabel("Profile name").fill(filling.name ?? "Acme support");
    await page.getByLabel("Subdomain").fill(subdomain);
    await page.getByLabel("Client ID").fill(filling.clientId ?? "acme_custom");
    await page.getByLabel("Client secret", { exact: true }).fill(filling.clientSecret ?? SECRETS.acme_custom);
    if (filling.scopes) await this.chooseScopes(filling.scopes);
    return this;
  }

  /** @param {string[]} scopes */
  async chooseScopes(scopes) {
    if (scopes.some((scope) => scope.includes(":"))) await this.disclose("Single resources");
    const boxes = this.page.locator("input[type=checkbox][value]");
    for (const name of ["read", "write", "impersonate"]) {
      await this.page.locator(`input[value="${name}"]`).setChecked(scopes.includes(name));
    }
    for (const name of scopes.filter((scope) => scope.includes(":"))) {
      await this.page.locator(`input[value="${name}"]`).check();
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
    await this.disclose("Advanced");
    await this.page.locator(`input[name=flow][value=${flow}]`).check();
    await this.page.getByLabel("Use a redirect instead of a popup").setChecked(mode === "redirect");
    return this;
  }

  async authorize() {
    await this.page.getByRole("button", { name: "Authorize", exact: true }).click();
  }

  /** Clicks Authorize and gives Zendesk's page: the popup, or this tab. */
  async authorizeIn(/** @type {Mode} */ mode = "popup") {
    const popup = mode === "popup" ? this.page.waitForEvent("popup") : undefined;
    await this.authorize();
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

  /** @param {{ account?: string, name?: string }} [expected] */
  async seeConnected({ account = "acme", name = "Ada Byron" } = {}) {
    const card = this.page.locator("article.connection").first();
    await card.getByRole("heading", { name: `Connected to ${account}`, exact: true }).waitFor();
    const text = await shownText(card);
    assert.match(text, new RegExp(name));
    assert.match(text, new RegExp(`${name.split(" ")[0]?.toLowerCase()}@${account}\\.example`));
    assert.match(text, /in (29|30) minutes/);
    const link = await card.getByRole("link").first().getAttribute("href");
    assert.equal(link, this.world.sandbox.origin(account));
    await assertAccessible(this.page, "connected");
    return text;
  }

  async seeWaiting() {
    await this.page.getByRole("heading", { name: /^Waiting for/ }).waitFor();
  }

  async cancel() {
    await this.page.getByRole("button", { name: "Cancel" }).click();
    return this.seeNotice("Cancelled");
  }
}

/** Zendesk's side: sign in, consent. */
export class ZendeskPage {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(WAIT);
  }

  async signIn() {
    const allow = this.page.getByRole("button", { name: "Allow" });
    const signIn = this.page.getByRole("button", { name: "Sign in", exact: true });
    await allow.or(signIn).waitFor();
    if (await signIn.isVisible()) await signIn.click();
    await allow.waitFor();
    return this;
  }

  async allow() {
    await this.signIn();
    await this.#answer("Allow");
  }

  async deny() {
    await this.signIn();
    await this.#answer("Deny");
  }

  /** A popup may be gone before the click has ended. */
  async #answer(/** @type {string} */ name) {
    const button = this.page.getByRole("button", { name });
    await button.click({ noWaitAfter: true }).catch((error) => {
      if (!this.page.isClosed()) throw error;
    });
  }
}

/**
 * The text as people see it, line by line.
 *
 * @param {import("playwright-core").Locator} locator
 */
export function shownText(locator) {
  return locator.innerText();
}

/**
 * @param {string} text
 * @param {string} title
 */
export function assertSentences(text, title) {
  const lines = text.split("\n").map((line) => line.trim());
  const sentences = lines.filter((line) => /^[A-Z].*[.!?…]$/.test(line));
  assert.ok(sentences.length >= 1, `no sentence under “${title}”: ${text}`);
  assert.doesNotMatch(text, /undefined|null|\[object|NaN|[a-z]+_[a-z]+ is|Error:/);
}

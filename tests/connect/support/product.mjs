import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inRoot } from "../../../scripts/lib/paths.mjs";
import { SECRETS } from "../../../www/sandbox/index.js";
import { assertAllDescribed } from "../../browser/support/answers.mjs";
import { assertAccessible } from "../../browser/support/axe.mjs";
import { ZendeskPage } from "../../browser/support/zendesk-page.mjs";
import { startWorld } from "./world.mjs";

const WAIT = 10_000;
const MINUTE = 60_000;

export const WAYS = /** @type {const} */ ({
  system: "OAuth - System",
  custom: "OAuth - Custom",
  basic: "Basic",
  preAuthorize: "Pre-authorize the integration",
  allowUsers: "Allow users to authorize the integration",
});

/**
 * @typedef {import("./world.mjs").World} World
 * @typedef {{ role?: "admin" | "user" | "none", subject?: string, attributes?: Record<string, string>, lang?: string, expiresIn?: number, origin?: string }} Visit
 * @typedef {{ world: World, context: import("playwright-core").BrowserContext, visit: (visit?: Visit) => Promise<Product>, complaints: string[] }} Stage
 */

/** A product's page with the component, as a person uses it. */
export class Product {
  /**
   * @param {import("playwright-core").Page} page
   * @param {World} world
   */
  constructor(page, world) {
    this.page = page;
    this.world = world;
    this.element = page.locator("zendesk-connect");
    page.setDefaultTimeout(WAIT);
  }

  /** @param {Visit} visit */
  async open({ role = "admin", subject, attributes = {}, lang, expiresIn, origin = this.world.worker.url }) {
    const query = new URLSearchParams({ role, attributes: JSON.stringify(attributes) });
    for (const [name, value] of Object.entries({ subject, lang, expiresIn })) {
      if (value !== undefined) query.set(name, String(value));
    }
    await this.page.goto(`${origin}/pages/page?${query}`);
    await this.loaded();
    return this;
  }

  async loaded() {
    await this.element.locator("section, article").first().waitFor();
  }

  /** @param {string} name */
  button(name) {
    return this.element.getByRole("button", { name, exact: true });
  }

  /** @param {string} name */
  async press(name) {
    await this.button(name).first().click();
  }

  /** @param {string} label */
  field(label) {
    return this.element.getByLabel(label, { exact: true });
  }

  /** @param {Record<string, string>} values by label */
  async fill(values) {
    for (const [label, value] of Object.entries(values)) await this.field(label).fill(value);
  }

  /** @param {"system" | "custom" | "basic"} authorization @param {"preAuthorize" | "allowUsers"} access */
  async choose(authorization, access) {
    await this.field(WAYS[authorization]).check();
    await this.field(WAYS[access]).check();
  }

  /** Presses what leads to Zendesk; gives Zendesk's page. @param {string} name @param {"popup" | "redirect"} [mode] */
  async lead(name, mode = "popup") {
    const popup = mode === "popup" ? this.page.waitForEvent("popup") : undefined;
    await this.press(name);
    const zendesk = (await popup) ?? this.page;
    await zendesk.waitForURL((url) => url.hostname.endsWith(".localhost"), { timeout: WAIT });
    return new ZendeskPage(zendesk);
  }

  /** @param {string | RegExp} name */
  async see(name) {
    await this.element.getByRole("heading", { name, exact: true }).waitFor();
  }

  /** The state of the integration in its badge. @param {string} state */
  async seeState(state) {
    await this.element.locator(".state .badge").filter({ hasText: state }).waitFor();
  }

  /** @param {string} state a name of its own for each */
  accessible(state) {
    return assertAccessible(this.page, state);
  }

  /** What the page heard, oldest first. @returns {Promise<{ type: string, detail: any, from: string }[]>} */
  events() {
    return this.page.evaluate(() => /** @type {any} */ (globalThis).events);
  }

  /** @param {string} type */
  async heard(type) {
    return (await this.events()).filter((event) => event.type === type).map(({ detail }) => detail);
  }

  /** The id, or else the text, of what has the focus inside of the component. */
  focused() {
    return this.element.evaluate((element) => {
      const active = element.shadowRoot?.activeElement;
      return active?.id || active?.textContent?.trim() || "";
    });
  }

  /** Waits until the focus is there, which may take a moment after what is seen. @param {string | RegExp} expected */
  async hasFocus(expected) {
    const isThere = (/** @type {string} */ now) =>
      typeof expected === "string" ? now === expected : expected.test(now);
    let now = await this.focused();
    for (const until = Date.now() + WAIT; !isThere(now) && Date.now() < until; now = await this.focused()) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.ok(isThere(now), `the focus is on “${now}”, not on “${expected}”`);
  }

  /** @returns {Promise<Record<string, string>>} */
  storage() {
    return this.page.evaluate(() => ({ ...sessionStorage, ...localStorage }));
  }
}

/**
 * One world for a file's tests; each test starts with an empty store, in a browser context of its own, and must leave no
 * complaint and no violation of the pages' policy behind but those that it takes out itself.
 *
 * @param {import("../../../www/sandbox/index.js").SandboxOptions} [sandboxOptions]
 */
export function stage(sandboxOptions) {
  /** @type {World} */
  let world;
  before(async () => {
    world = await startWorld(sandboxOptions);
  });
  after(async () => {
    try {
      const record = world && (await fetch(`${world.worker.url}/test/record`));
      if (record) assertAllDescribed((await record.json()).answers);
    } finally {
      await world?.close();
    }
  });

  /**
   * @param {string} name
   * @param {(stage: Stage) => Promise<unknown>} run
   * @param {import("playwright-core").BrowserContextOptions} [options]
   */
  return (name, run, options = {}) =>
    test(name, { timeout: MINUTE }, async () => {
      await world.reset();
      const context = await world.browser.newContext({
        viewport: { width: 1280, height: 900 },
        locale: "en-GB",
        ...options,
      });
      context.setDefaultTimeout(WAIT);
      /** @type {string[]} */
      const complaints = [];
      context.on("weberror", (error) => complaints.push(String(error.error())));
      context.on("console", (message) => {
        const isRefusal = message.text().startsWith("Failed to load resource");
        if (message.type() === "error" && !isRefusal) complaints.push(message.text());
      });
      try {
        const visit = async (/** @type {Visit} */ visit = {}) =>
          new Product(await context.newPage(), world).open(visit);
        await run({ world, context, visit, complaints });
        for (const page of context.pages()) {
          if (!page.url().startsWith(`${world.worker.url}/pages/page`)) continue;
          assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).violations), []);
        }
        assert.deepEqual(complaints, []);
      } catch (error) {
        await photograph(context, name);
        throw error;
      } finally {
        world.sandbox.faults.clear();
        await context.close();
      }
    });
}

/** @param {import("playwright-core").BrowserContext} context @param {string} name */
async function photograph(context, name) {
  const folder = inRoot("tests", "output", "failed");
  mkdirSync(folder, { recursive: true });
  for (const [index, page] of context.pages().entries()) {
    const path = join(folder, `${name.replaceAll(/\W+/g, "-")}-${index}.png`);
    await page.screenshot({ path, fullPage: true, timeout: 3_000 }).catch(() => {});
  }
}

/** An OAuth profile of the stand-in. @param {World} world @param {object} [changes] */
export function saveProfile(world, changes = {}) {
  const client = { clientId: "acme_custom", clientSecret: SECRETS.acme_custom };
  return world.ask("POST", "/profiles", {
    name: "Acme support",
    subdomain: "acme",
    scope: "read write",
    ...client,
    ...changes,
  });
}

/**
 * Open to users in one of the three ways.
 *
 * @param {World} world
 * @param {"basic" | "oauth-system" | "oauth-custom"} authorization
 * @param {string} [profile]
 */
export async function openToUsers(world, authorization, profile) {
  await world.ask("PUT", "/integration", { authorization, access: "allow-users", ...(profile && { profile }) });
  const integration = await world.ask("POST", "/integration/enable", {});
  assert.equal(integration.state, "enabled", JSON.stringify(integration));
}

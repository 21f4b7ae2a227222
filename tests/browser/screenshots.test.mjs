import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { ConsolePage } from "./support/console-page.mjs";
import { startWorld } from "./support/world.mjs";

const FOLDER = inRoot("www", "screenshots");
const SIZES = {
  desktop: { viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1 },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};
/** Ports and times differ from run to run; with these in their place, a picture changes only when the page does. */
const TAKEN_AT = Date.parse("2026-11-23T12:00:00Z");
const EXPIRES_AT = "2026-11-23T12:30:00.000Z";
const ZENDESK = "https://{subdomain}.zendesk.com";

/** @type {import("./support/world.mjs").World} */
let world;

before(async () => {
  world = await startWorld();
  const context = await world.browser.newContext();
  const console = await new ConsolePage(await context.newPage(), world).open();
  await console.fill({ scopes: ["read", "tickets:write"] });
  await (await console.authorizeIn()).allow();
  await console.seeConnected();
  await context.close();
});

after(() => world?.close());

for (const [size, device] of Object.entries(SIZES)) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(`the connected console, ${size}, ${colorScheme}`, { timeout: 60_000 }, async () => {
      const context = await world.browser.newContext({ ...device, colorScheme, timezoneId: "UTC", locale: "en-GB" });
      const page = await context.newPage();
      await page.clock.setFixedTime(TAKEN_AT);
      await replaceIn(page, "**/console/session", (body) => ({ ...body, accountTemplate: ZENDESK }));
      await replaceIn(page, "**/connections", (body) => ({
        connections: body.connections.map((/** @type {object} */ each) => ({ ...each, expiresAt: EXPIRES_AT })),
      }));
      await page.goto(`${world.worker.url}/`);
      await page.getByRole("heading", { name: "Connected to acme" }).waitFor();
      await page.getByText("https://acme.zendesk.com").waitFor();
      await assertFits(page);
      keep(`console-${size}-${colorScheme}.png`, await page.screenshot({ fullPage: true, animations: "disabled" }));
      await context.close();
    });
  }
}

/**
 * @param {import("playwright-core").Page} page
 * @param {string} pattern
 * @param {(body: any) => object} change
 */
async function replaceIn(page, pattern, change) {
  await page.route(pattern, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change(await response.json()) });
  });
}

/** Nothing sticks out at the side. @param {import("playwright-core").Page} page */
async function assertFits(page) {
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  assert.ok(scrollWidth <= clientWidth, `${scrollWidth} > ${clientWidth}`);
}

/**
 * @param {string} name
 * @param {Buffer} picture
 */
function keep(name, picture) {
  assert.ok(picture.length < 200_000, `${name} is ${picture.length} bytes`);
  const path = join(FOLDER, name);
  mkdirSync(FOLDER, { recursive: true });
  if (!existsSync(path) || !readFileSync(path).equals(picture)) writeFileSync(path, picture);
}

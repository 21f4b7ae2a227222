import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { assertAnswersDescribed } from "./support/answers.mjs";
import { ConsolePage } from "./support/console-page.mjs";
import { LinkPage } from "./support/link-page.mjs";
import { PHONE } from "./support/scenario.mjs";
import { serviceOf } from "./support/service.mjs";
import { startWorld } from "./support/world.mjs";

const FOLDER = inRoot("www", "screenshots");
const SIZES = {
  desktop: { viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1 },
  phone: { ...PHONE, deviceScaleFactor: 1.5 },
};
/** Longer pages are cut off below. */
const TALLEST = 1_350;
/** Ports, ids and times differ from run to run; with these in their place, a picture changes only when the page does. */
const TAKEN_AT = Date.parse("2026-11-23T12:00:00Z");
const ZENDESK = "https://{subdomain}.zendesk.com";
const LINK = "https://auth.example.com/authorize/Jm4vTq0pXo2cY7uE1sBzKf9aRw5dNhLg8iQe3tVbMxA";

/** @typedef {import("playwright-core").Page} Page */

/** @type {import("./support/world.mjs").World} */
let world;

before(async () => {
  world = await startWorld();
});

after(() => world?.close());

/**
 * What is photographed, each with a worker that nobody has used: what happens before, and how to get there.
 *
 * @type {Record<string, { before?: (page: Page) => Promise<unknown>, show: (page: Page) => Promise<unknown> }>}
 */
const PICTURES = {
  "console-setup": {
    async show(page) {
      const console = await new ConsolePage(page, world).open();
      await console.way("oauth-system", "pre-authorize");
      await page.getByRole("textbox", { name: "Subdomain" }).fill("acme");
      await page.getByText("https://acme.zendesk.com").waitFor();
    },
  },
  "console-connected": {
    async before(page) {
      const console = await new ConsolePage(page, world).open();
      await console.fill({ scopes: ["read", "tickets:write"] });
      await (await console.authorizeIn()).allow();
      await console.seeConnected();
      await console.enable();
    },
    async show(page) {
      await page.goto(`${world.worker.url}/`);
      await page.getByRole("heading", { name: "Connected to acme" }).waitFor();
    },
  },
  "console-links": {
    async show(page) {
      await serviceOf(world).openToUsers();
      await page.goto(`${world.worker.url}/#links`);
      for (const [subject, name] of /** @type {const} */ ([
        ["u-1203", "Joe Bloggs"],
        ["u-77", "Jane Doe"],
      ])) {
        await page.getByRole("textbox", { name: "End user" }).fill(subject);
        await page.getByRole("textbox", { name: "Name" }).fill(name);
        await page.getByRole("button", { name: "Create link" }).click();
        await page.getByRole("article", { name: `Link for ${name}` }).waitFor();
      }
      await page.getByText("Connected", { exact: true }).waitFor();
    },
  },
  "link-page": {
    async show(page) {
      const service = serviceOf(world);
      await service.openToUsers();
      const { url } = await service.link({ subject: "u-77", name: "Jane Doe", email: "jane@acme.example" });
      await new LinkPage(page).open(url);
    },
  },
};

/** The picture that the worker is ready for. */
let prepared = "";

for (const [picture, { before: prepare, show }] of Object.entries(PICTURES)) {
  for (const [size, device] of Object.entries(SIZES)) {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      const name = `${picture}-${size}-${colorScheme}`;
      test(name, { timeout: 120_000 }, async () => {
        const context = await world.browser.newContext({ ...device, colorScheme, timezoneId: "UTC", locale: "en-GB" });
        world.recorder.watch(context);
        if (prepared !== picture) {
          await world.reset();
          await prepare?.(await context.newPage());
          prepared = picture;
        }
        const page = await context.newPage();
        await page.clock.setFixedTime(TAKEN_AT);
        await steady(page);
        await show(page);
        await assertFits(page);
        // A pointer or a caret left somewhere would show.
        await page.mouse.move(0, 0);
        await page.evaluate(() => /** @type {HTMLElement | null} */ (document.activeElement)?.blur());
        keep(`${name}.png`, await photograph(page));
        await context.close();
      });
    }
  }
}

test("no page complained", () => assert.deepEqual(world.recorder.complaints, []));

test("every answer of the service is one that openapi.json describes", () => assertAnswersDescribed(world));

/** @param {Page} page */
async function photograph(page) {
  const { width, height } = await page.evaluate(() => {
    const { scrollWidth, scrollHeight } = document.documentElement;
    return { width: scrollWidth, height: scrollHeight };
  });
  const clip = { x: 0, y: 0, width, height: Math.min(height, TALLEST) };
  return page.screenshot({ fullPage: true, clip, animations: "disabled", caret: "hide" });
}

/** @param {Page} page */
async function steady(page) {
  let made = 0;
  /** The first link made was used meanwhile. @param {any} link */
  const steadied = (link) => ({
    ...link,
    url: LINK,
    createdAt: new Date(TAKEN_AT).toISOString(),
    expiresAt: new Date(TAKEN_AT + 15 * 60_000).toISOString(),
  });
  await replaceIn(page, "**/session", (body) => ({ ...body, accountTemplate: ZENDESK }));
  await replaceIn(page, /\/connections(\?|$)/, (body) =>
    "connections" in body ? { connections: body.connections.map(atThatTime) } : body,
  );
  await replaceIn(page, /\/connections\/\w/, (body) => ("id" in body ? atThatTime(body) : body));
  await replaceIn(page, "**/oauth/exchange", (body) => ("id" in body ? atThatTime(body) : body));
  /** @type {Map<string, number>} */
  const order = new Map();
  await replaceIn(page, "**/links", (body) => {
    made += 1;
    order.set(body.id, made);
    return steadied(body);
  });
  await replaceIn(page, "**/links/*", (body) => ({
    ...steadied(body),
    status: order.get(body.id) === 1 ? "used" : "opened",
  }));
}

/** @param {any} connection */
function atThatTime(connection) {
  return { ...connection, expiresAt: new Date(TAKEN_AT + 30 * 60_000).toISOString() };
}

/**
 * @param {Page} page
 * @param {string | RegExp} pattern
 * @param {(body: any) => object} change
 */
async function replaceIn(page, pattern, change) {
  await page.route(pattern, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change(await response.json()) });
  });
}

/** Nothing sticks out at the side. @param {Page} page */
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

// An authorization link on a phone: every page of it in light and dark, with long names, by keyboard, and to the end.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { API_TOKENS } from "../../www/sandbox/index.js";
import { assertAnswersDescribed } from "./support/answers.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { startWorld } from "./support/world.mjs";

/** @type {import("./support/world.mjs").World} */
let world;
let session = "";

before(async () => {
  world = await startWorld();
  const answer = await fetch(`${world.worker.url}/console/session`, {
    method: "POST",
    headers: { origin: world.worker.url, "sec-fetch-site": "same-origin" },
  });
  ({ session } = /** @type {any} */ (await answer.json()));
});
after(async () => {
  try {
    if (world) await assertAnswersDescribed(world);
  } finally {
    await world?.close();
  }
});

/** @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
async function call(method, path, body) {
  const answer = await fetch(world.worker.url + path, {
    method,
    headers: { authorization: `Bearer ${session}`, "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const json = await answer.json();
  assert.ok(answer.ok, JSON.stringify(json));
  return json;
}

/** @param {object} choice */
async function allowUsers(choice) {
  await call("PUT", "/integration", { access: "allow-users", ...choice });
  await call("POST", "/integration/enable");
}

const long = { name: "W".repeat(80), tenantName: "Kundendienstautomatisierungs".repeat(2), email: undefined };
const people = [
  {
    colorScheme: /** @type {const} */ ("light"),
    language: "en",
    who: { name: "Ada Byron", email: "ada@acme.example" },
  },
  { colorScheme: /** @type {const} */ ("dark"), language: "de", who: long },
  { colorScheme: /** @type {const} */ ("dark"), language: "ja", who: { name: "山田 太郎", email: undefined } },
];

/** @param {typeof people[number]} person */
async function phone({ colorScheme, language, who }) {
  const context = await world.browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme });
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on("console", (message) => {
    if (/Content.Security.Policy|Refused to/i.test(message.text())) complaints.push(message.text());
  });
  return {
    context,
    page,
    async follow(/** @type {object} */ more = {}) {
      const { url } = await call("POST", "/links", { subject: "u-77", language, ...who, ...more });
      await page.goto(url);
    },
    /** @param {string} status @param {string} state */
    async sees(status, state) {
      await page.waitForSelector(`body[data-status="${status}"]`);
      await assertAccessible(page, `${state}, ${language}, ${colorScheme}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(over <= 0, `${state} is ${over} px wider than the screen`);
      assert.deepEqual(complaints, []);
    },
    press: (/** @type {string} */ step) => page.click(`button[value="${step}"]`),
  };
}

for (const person of people) {
  const name = `${person.language}, ${person.colorScheme}`;

  test(`a link with OAuth, from the first page to the last: ${name}`, { timeout: 90_000 }, async () => {
    await allowUsers({ authorization: "oauth-system" });
    const { context, page, follow, sees, press } = await phone(person);
    await follow();
    await sees("open", "first page");
    // By keyboard: the first stop is the answer, and it can be seen.
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("value")), "begin");
    await page.keyboard.press("Enter");
    await sees("opened", "account");
    await page.fill("#subdomain", "help.acme.com");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[aria-invalid]");
    await sees("opened", "account with a problem");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "subdomain");
    // Nobody is sent on here, so that the page in between can be looked at.
    await page.route(/acme\.localhost/, (route) => route.fulfill({ status: 204 }));
    await page.fill("#subdomain", "acme");
    await press("submit");
    await sees("leaving", "on to Zendesk");
    await page.unroute(/acme\.localhost/);
    await page.click("a.button");
    await page.fill("#email", "ada@acme.example");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("button", { name: "Allow" }).click();
    await sees("connected", "connected");
    await follow({ email: "joe@acme.example" });
    await press("begin");
    await page.fill("#subdomain", "acme");
    await press("submit");
    await page.getByRole("button", { name: "Allow" }).click();
    await sees("failed", "refused");
    await follow();
    await press("decline");
    await sees("declined", "declined");
    await follow({ expiresIn: 60 });
    await world.setWorkerClock(61_000);
    await page.reload();
    await sees("failed", "expired");
    await world.setWorkerClock(0);
    await context.close();
  });

  test(`a link with an API token: ${name}`, { timeout: 60_000 }, async () => {
    const profile = await call("POST", "/profiles", { mechanism: "basic", name: "Own API tokens" });
    await allowUsers({ authorization: "basic", profile: profile.id });
    const { context, page, follow, sees, press } = await phone(person);
    await follow();
    await press("begin");
    await sees("opened", "API token");
    await page.fill("#subdomain", "acme");
    await page.fill("#email", "ada");
    await press("submit");
    await page.waitForSelector("[aria-invalid]");
    await sees("opened", "API token with problems");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "email");
    await page.fill("#email", "ada@acme.example");
    await page.fill("#apiToken", "wrong-token-0123456789");
    await press("submit");
    await page.waitForSelector("div.problem");
    await sees("opened", "API token refused");
    assert.equal(await page.inputValue("#apiToken"), "");
    await page.fill("#apiToken", API_TOKENS.acme);
    await press("submit");
    await sees("connected", "connected with an API token");
    await context.close();
  });
}

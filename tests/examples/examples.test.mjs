import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { exampleNames, startExample } from "../../scripts/lib/examples.mjs";
import { startSandbox } from "../../www/sandbox/index.js";
import { answersSeenBy, assertAllDescribed } from "../browser/support/answers.mjs";
import { assertAccessible } from "../browser/support/axe.mjs";
import { ZendeskPage } from "../browser/support/zendesk-page.mjs";
import { launch, newTab } from "./support/chromium.mjs";

/** @type {Awaited<ReturnType<typeof startSandbox>>} */
let sandbox;
/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  sandbox = await startSandbox();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await sandbox?.close();
});

for (const name of exampleNames) {
  describe(`the example in ${name}`, () => {
    /** @type {import("../../scripts/lib/examples.mjs").Example} */
    let example;
    before(async () => {
      example = await startExample(name, { sandbox });
    });
    /** @type {ReturnType<typeof answersSeenBy>[]} */
    const seen = [];
    after(async () => {
      try {
        const answers = await Promise.all(seen.map((answers) => answers()));
        assertAllDescribed(answers.flat(), new URL(example.worker).pathname.replace(/\/$/, ""));
      } finally {
        await example?.dispose();
      }
    });

    test("connects an account, is told of it, and disconnects it", { timeout: 60_000 }, async () => {
      const { context, page, complaints } = await newTab(browser);
      seen.push(answersSeenBy(context, { worker: { url: example.worker } }));
      await page.goto(example.url);
      await (await connect(page)).allow();
      await says(page, "acme is connected as Ada Byron.");
      await page.getByRole("heading", { name: "Connected to acme" }).waitFor();
      await assertAccessible(page, `the example in ${name}, connected`);
      assert.deepEqual(await connections(example), [["user:jane", "acme", "oauth-system"]]);

      await page.reload();
      await page.getByRole("button", { name: "Disconnect" }).click();
      await page.getByRole("button", { name: "Yes, disconnect" }).click();
      await says(page, "Disconnected; revoked at Zendesk: confirmed.");
      assert.deepEqual(await connections(example), []);
      assert.deepEqual(complaints, []);
      await context.close();
    });

    test("is told what did not work", { timeout: 60_000 }, async () => {
      const { context, page, complaints } = await newTab(browser);
      seen.push(answersSeenBy(context, { worker: { url: example.worker } }));
      await page.goto(example.url);
      await (await connect(page)).deny();
      await page.locator("output", { hasText: "(access_denied)" }).waitFor();
      assert.match(await page.locator("output").innerText(), /^[A-Z].+\. \(access_denied\)$/);
      assert.deepEqual(await connections(example), []);
      assert.deepEqual(complaints, []);
      await context.close();
    });
  });
}

/** @param {import("playwright-core").Page} page */
async function connect(page) {
  const popup = page.waitForEvent("popup");
  await page.getByRole("textbox", { name: "Subdomain" }).fill("acme");
  await page.getByRole("button", { name: "Connect" }).click();
  return new ZendeskPage(await popup);
}

/**
 * @param {import("playwright-core").Page} page
 * @param {string} text
 */
const says = (page, text) => page.locator("output").getByText(text, { exact: true }).waitFor();

/** What the worker has of the tenant. @param {import("../../scripts/lib/examples.mjs").Example} example */
async function connections({ worker, adminKey }) {
  const headers = { authorization: `Bearer ${adminKey}`, "content-type": "application/json" };
  const minted = await fetch(`${worker}/sessions`, { method: "POST", headers, body: '{"role":"admin"}' });
  const { session } = await minted.json();
  const listed = await fetch(`${worker}/connections`, { headers: { authorization: `Bearer ${session}` } });
  return (await listed.json()).connections.map((/** @type {any} */ { subject, subdomain, authorization }) => [
    subject,
    subdomain,
    authorization,
  ]);
}

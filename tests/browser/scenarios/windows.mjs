import assert from "node:assert/strict";
import { SECRETS } from "../../../www/sandbox/index.js";
import { assertAccessible } from "../support/axe.mjs";
import { ConsolePage, FLOWS } from "../support/console-page.mjs";

/** What browsers and people do with windows and tabs. @type {import("../support/scenario.mjs").Scenarios} */
export const windows = {};

for (const flow of FLOWS) {
  windows[`${flow}: the popup is closed, which is only a hint`] = async ({ open }) => {
    const console = await open();
    await console.fill();
    await console.choose({ flow });
    const zendesk = await console.authorizeIn();
    await zendesk.page.close();
    await console.seeLooksClosed();
    await console.seeWaiting();
    await assertAccessible(console.page, "the window looks closed");

    const popup = console.page.waitForEvent("popup");
    await console.page.getByRole("button", { name: "Try again" }).click();
    await (await popup).close();
    await console.seeLooksClosed();
    const text = await console.cancel();
    assert.match(text, /Nothing was connected\./);
  };

  windows[`${flow}: a blocked popup becomes a redirect`] = async ({ context, open }) => {
    await context.addInitScript(() => {
      window.open = () => null;
    });
    const console = await open();
    await console.fill();
    await console.choose({ flow });
    await console.authorize();
    await console.seeNotice("Your browser blocked the window");
    await console.page.getByRole("button", { name: "Continue in this tab" }).click();
    await console.page.getByRole("button", { name: "Sign in", exact: true }).click();
    await console.page.getByRole("button", { name: "Allow" }).click();
    await console.seeConnected();
  };

  windows[`${flow}: a second tab starts another authorization meanwhile`] = async ({ open }) => {
    const first = await open();
    await first.fill({ name: "First tab" });
    await first.choose({ flow });
    const firstZendesk = await first.authorizeIn();

    const second = await open();
    await second.fill({
      name: "Second tab",
      subdomain: "globex",
      clientId: "globex_custom",
      clientSecret: SECRETS.globex_custom,
    });
    await second.choose({ flow });
    const secondZendesk = await second.authorizeIn();
    await secondZendesk.allow();
    await second.seeConnected({ account: "globex", name: "Hedy Lamm" });

    await first.page.bringToFront();
    await first.seeWaiting();
    await firstZendesk.allow();
    await first.seeConnected();
  };

  windows[`${flow}: the page is reloaded while Zendesk's window is open`] = async ({ open }) => {
    const console = await open();
    await console.fill();
    await console.choose({ flow });
    const zendesk = await console.authorizeIn();
    await console.page.reload();
    await console.seeWaiting();
    await zendesk.allow();
    await console.seeConnected();
  };

  windows[`${flow}: a duplicated tab leaves the answer to the tab that waits`] = async ({ open, context, world }) => {
    const console = await open();
    await console.fill();
    await console.choose({ flow });
    const zendesk = await console.authorizeIn();
    // What a browser does when a tab is duplicated.
    const copied = await console.page.evaluate(() => ({ ...sessionStorage }));
    assert.equal(Object.keys(copied).length, 1);
    const copy = new ConsolePage(await context.newPage(), world);
    await copy.page.addInitScript((entries) => {
      for (const [key, value] of Object.entries(entries)) sessionStorage.setItem(key, value);
    }, copied);
    await copy.open();
    await copy.page.waitForFunction(() => sessionStorage.length === 0);

    const exchanges = () => world.sandbox.requests.filter(({ url }) => url === "/oauth/tokens").length;
    const before = exchanges();
    await zendesk.allow();
    await console.seeConnected();
    assert.equal(exchanges(), before + 1);
    assert.equal(await copy.page.locator(".notice").count(), 0);
  };

  windows[`${flow}: back from Zendesk without an answer`] = async ({ open }) => {
    const console = await open();
    await console.fill();
    await console.choose({ flow, mode: "redirect" });
    await console.authorizeIn("redirect");
    await console.page.goBack();
    await console.seeNotice("Cancelled");
    assert.equal(await console.page.evaluate(() => sessionStorage.length), 0);
  };
}

windows["the popup starts on a page of ours while the profile is being saved"] = async ({ open }) => {
  const console = await open();
  await console.fill();
  /** @type {(value?: unknown) => void} */
  let release = () => {};
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await console.page.route("**/profiles", async (route) => {
    await held;
    await route.continue();
  });
  const popup = console.page.waitForEvent("popup");
  await console.authorize();
  await (await popup).getByRole("heading", { name: "Opening Zendesk…" }).waitFor();
  await console.page.getByRole("heading", { name: "One moment" }).waitFor();
  await assertAccessible(await popup, "opening Zendesk");
  release();
  await (await popup).waitForURL(/acme\.localhost/);
  await console.cancel();
};

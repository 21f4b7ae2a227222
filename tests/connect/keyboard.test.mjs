// Everything by keyboard alone, and what assistive technology is told.
import assert from "node:assert/strict";
import { API_TOKENS, SECRETS } from "../../www/sandbox/index.js";
import { openToUsers, saveProfile, stage } from "./support/product.mjs";

const test = stage();
const jane = /** @type {const} */ ({ role: "user", subject: "jane" });

/** Presses Tab until the focus is there. @param {import("./support/product.mjs").Product} product @param {string} what id or text */
async function tabTo(product, what) {
  const seen = [];
  for (let presses = 0; presses < 80; presses += 1) {
    await product.page.keyboard.press("Tab");
    const now = await product.focused();
    if (now === what) return;
    seen.push(now);
  }
  assert.fail(`Tab does not reach “${what}”, only ${seen.join(" | ")}`);
}

/** @param {import("./support/product.mjs").Product} product @param {string[]} keys */
async function keys(product, ...keys) {
  for (const key of keys) await product.page.keyboard.press(key);
}

test("a user: from the first field to disconnected", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(jane);
  await tabTo(product, "field-subdomain");
  await product.page.keyboard.type("acme");
  const popup = product.page.waitForEvent("popup");
  await keys(product, "Enter");
  const zendesk = await popup;
  await zendesk.getByRole("button", { name: "Sign in", exact: true }).press("Enter");
  await zendesk
    .getByRole("button", { name: "Allow" })
    .press("Enter", { noWaitAfter: true })
    .catch(() => {});
  await product.see("Connected to acme");
  await product.hasFocus(/^connected-/);
  await tabTo(product, (await product.element.locator("button", { hasText: "Disconnect" }).getAttribute("id")) ?? "");
  await keys(product, "Enter");
  await product.hasFocus("part-confirm");
  await keys(product, "Enter");
  await product.see("Disconnected from acme");
  await product.hasFocus("farewell-title");
  await tabTo(product, "Got it");
  await keys(product, "Enter");
  await product.element.locator(".notice").waitFor({ state: "detached" });
});

test("an admin: chooses, types a profile, authorizes, enables", async ({ visit }) => {
  const product = await visit();
  await keys(product, "Tab", "Space", "ArrowDown");
  assert.ok(await product.field("OAuth - Custom").isChecked());
  await keys(product, "Tab", "Space");
  assert.ok(await product.field("Pre-authorize the integration").isChecked());
  const typing = { "field-name": "Acme support", "field-subdomain": "acme", "field-clientId": "acme_custom" };
  for (const [id, text] of Object.entries({ ...typing, "field-clientSecret": SECRETS.acme_custom })) {
    await tabTo(product, id);
    await product.page.keyboard.type(text);
  }
  await tabTo(product, "Authorize");
  const popup = product.page.waitForEvent("popup");
  await keys(product, "Enter");
  const zendesk = await popup;
  await zendesk.getByRole("button", { name: "Sign in", exact: true }).press("Enter");
  await zendesk
    .getByRole("button", { name: "Allow" })
    .press("Enter", { noWaitAfter: true })
    .catch(() => {});
  await product.see("Connected to acme");
  await product.element.locator("#state-title").focus();
  await tabTo(product, "Enable");
  await keys(product, "Enter");
  await product.seeState("Enabled");
  await product.hasFocus("state-title");
});

test("an admin: renames, duplicates and deletes a profile; Escape leaves it as it is", async ({ world, visit }) => {
  const { id } = await saveProfile(world);
  const product = await visit();
  await product.field("OAuth - Custom").focus();
  await keys(product, "Space", "Tab", "Space");
  await tabTo(product, `rename-${id}`);
  await keys(product, "Enter");
  await product.page.keyboard.type(" renamed");
  await keys(product, "Escape");
  await product.hasFocus(`rename-${id}`);
  await keys(product, "Enter", "End");
  await product.page.keyboard.type(" renamed");
  await keys(product, "Enter");
  await product.field("Acme support renamed").waitFor();
  await product.hasFocus(`profile-${id}`);
  await tabTo(product, `duplicate-${id}`);
  await keys(product, "Enter", "Enter");
  await product.field("Acme support renamed (copy)").waitFor();
  await product.hasFocus(/^profile-/);
  const copy = (await product.focused()).replace("profile-", "");
  await tabTo(product, `remove-${copy}`);
  await keys(product, "Enter", "Enter");
  await product.field("Acme support renamed (copy)").waitFor({ state: "detached" });
  await product.hasFocus("profiles-title");
});

test("a user with Basic: problems are led to and said", async ({ world, visit }) => {
  await openToUsers(world, "basic", (await world.ask("POST", "/profiles", { mechanism: "basic", name: "Tokens" })).id);
  const product = await visit(jane);
  await tabTo(product, "field-email");
  await product.page.keyboard.type("no address");
  await keys(product, "Tab");
  const email = product.field("E-mail address");
  assert.equal(await email.getAttribute("aria-invalid"), "true");
  const described = (await email.getAttribute("aria-describedby")) ?? "";
  const notes = await product.element.evaluate(
    (element, ids) => ids.map((id) => element.shadowRoot?.getElementById(id)?.textContent?.trim() ?? "").join(" "),
    described.split(" "),
  );
  assert.match(notes, /Of a verified Zendesk user.*Enter an e-mail address/s);
  await keys(product, "Enter");
  await product.element.getByRole("alert").waitFor();
  await product.hasFocus("problem-summary");
  await keys(product, "Tab", "Enter");
  await product.hasFocus("field-subdomain");
  await product.page.keyboard.type("acme");
  await tabTo(product, "field-email");
  await keys(product, "Control+A");
  await product.page.keyboard.type("ada@acme.example");
  await tabTo(product, "field-apiToken");
  await product.page.keyboard.type(API_TOKENS.acme);
  await keys(product, "Enter");
  await product.see("Connected to acme");
});

test("what has the focus is seen", async ({ visit }) => {
  const product = await visit();
  await product.choose("system", "preAuthorize");
  await product.field("OAuth - System").focus();
  await keys(product, "Tab", "Tab", "Tab");
  const outline = await product.element.evaluate((element) => {
    const active = element.shadowRoot?.activeElement;
    return active ? getComputedStyle(active).outlineStyle + getComputedStyle(active).outlineWidth : "";
  });
  assert.equal(outline, "solid3px");
});

test(
  "fits a phone, at twice the size of text, and in the widest language",
  async ({ world, visit }) => {
    await saveProfile(world);
    for (const lang of ["en", "de", "es", "ja", "pt"]) {
      const product = await visit({ lang });
      await product.element.locator("#way-oauth-custom").click();
      await product.element.locator("#way-pre-authorize").click();
      await product.element.locator("[id^=edit-]").click();
      await product.element.locator("form .disclosure summary").last().click();
      for (const zoom of ["100%", "200%"]) {
        await product.page.evaluate((size) => {
          document.documentElement.style.fontSize = size;
        }, zoom);
        const { scrollWidth, clientWidth } = await product.page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          return { scrollWidth, clientWidth };
        });
        assert.ok(scrollWidth <= clientWidth, `${lang} ${zoom}: ${scrollWidth} > ${clientWidth}`);
      }
      await product.page.close();
    }
  },
  { viewport: { width: 390, height: 844 } },
);

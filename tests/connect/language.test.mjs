// Five languages: which is taken, and that nothing is left in another.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { openToUsers, stage } from "./support/product.mjs";

const test = stage();
const jane = /** @type {const} */ ({ role: "user", subject: "jane" });

/** @param {string} language @returns {Record<string, string>} */
const texts = (language) => JSON.parse(readFileSync(inRoot("messages", `${language}.json`), "utf8"));

for (const language of ["en", "de", "es", "ja", "pt"]) {
  test(`${language}: forms, a problem, connected, disconnected`, async ({ world, visit }) => {
    const own = texts(language);
    await openToUsers(world, "oauth-system");
    const product = await visit({ ...jane, attributes: { language } });
    await product.see(own["ui.user.title"] ?? "");
    assert.equal(await product.element.locator(".root").getAttribute("lang"), language);
    await product.press(own["ui.connect"] ?? "");
    await product.element.getByText(own["ui.problems.one"] ?? "").waitFor();
    await product.element.locator("#field-subdomain").fill("acme");
    await (await product.lead(own["ui.connect"] ?? "")).allow();
    await product.see((own["ui.connected.title"] ?? "").replace("{account}", "acme"));
    await product.press(own["ui.part"] ?? "");
    await product.press(own["ui.part.confirm"] ?? "");
    await product.element.getByText(own["ui.farewell.confirmed"] ?? "").waitFor();
    await product.accessible(`disconnected, ${language}`);
    if (language === "en") return;
    const shown = await product.element.evaluate((element) => element.shadowRoot?.textContent ?? "");
    const english = Object.values(texts("en")).filter((text) => text.length > 15 && shown.includes(text));
    assert.deepEqual(english, []);
  });
}

test(
  "taken from the nearest lang, then from the browser, and changed while the page is open",
  async ({ visit }) => {
    const product = await visit({ lang: "pt-BR" });
    await product.see("Integração do Zendesk");
    await product.page.evaluate(() => {
      document.documentElement.lang = "de-AT";
    });
    await product.see("Zendesk-Integration");
    await product.element.evaluate((element) => element.setAttribute("language", "ja"));
    await product.see("Zendeskインテグレーション");
    await product.element.evaluate((element) => element.setAttribute("language", "fr"));
    await product.see("Zendesk-Integration");
    await product.page.evaluate(() => {
      document.documentElement.lang = "fr";
    });
    await product.see("Integración de Zendesk");
  },
  { locale: "es-MX" },
);

test("where a language cannot be fetched, English stands in", async ({ world, context }) => {
  await context.route("**/connect/de.js", (route) => route.abort());
  const page = await context.newPage();
  await page.goto(`${world.worker.url}/pages/page?role=admin&lang=de`);
  await page.getByRole("heading", { name: "Zendesk integration" }).waitFor();
});

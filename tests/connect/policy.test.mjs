// Every page of these tests has the strict policy, and its violations end each test. Here: that they would be heard, and
// that each directive that the documentation asks for is needed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { openToUsers, stage } from "./support/product.mjs";

const test = stage();

test("the pages have the policy of the documentation, and a violation is heard", async ({
  world,
  visit,
  complaints,
}) => {
  const answer = await fetch(`${world.worker.url}/pages/page`);
  const policy = answer.headers.get("content-security-policy") ?? "";
  const documented = /```http\ncontent-security-policy: ([^`]+)```/.exec(
    readFileSync(inRoot("docs", "component.md"), "utf8"),
  );
  const expected = (documented?.[1] ?? "")
    .trim()
    .replace(/\s+/g, " ")
    .replace("https://auth.example.com", world.worker.url);
  assert.equal(policy, expected);
  const product = await visit();
  await product.page.evaluate(() => {
    const style = document.createElement("style");
    style.textContent = "h1 { color: red }";
    document.head.append(style);
    try {
      document.body.insertAdjacentHTML("beforeend", "<p>text</p>");
    } catch {}
  });
  const violations = await product.page.evaluate(() => /** @type {any} */ (globalThis).violations.splice(0));
  assert.equal(violations.length, 2);
  assert.match(violations[0], /^style-src-elem inline/);
  assert.match(violations[1], /^require-trusted-types-for trusted-types-sink/);
  // The browser says them on its console too.
  assert.equal(complaints.splice(0).length, 2);
});

test("an authorization in each mode violates nothing", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  for (const mode of /** @type {const} */ (["popup", "redirect"])) {
    const product = await visit({ role: "user", subject: mode, attributes: { mode, language: "de" } });
    await product.element.locator("#field-subdomain").fill("acme");
    await (await product.lead("Verbinden", mode)).allow();
    await product.see("Verbunden mit acme");
    assert.deepEqual(await product.page.evaluate(() => /** @type {any} */ (globalThis).violations), []);
  }
});

for (const [directive, without] of Object.entries({
  "'wasm-unsafe-eval'": /script-src 'self' 'wasm-unsafe-eval'/,
  "trusted-types lit-html": /trusted-types lit-html/,
})) {
  test(`without ${directive} the component does not run`, async ({ world, context, complaints }) => {
    const page = await context.newPage();
    await page.route("**/pages/page?*", async (route) => {
      const response = await route.fetch();
      const headers = response.headers();
      const policy = (headers["content-security-policy"] ?? "").replace(without, (all) =>
        all.startsWith("script") ? "script-src 'self'" : "trusted-types 'none'",
      );
      await route.fulfill({ response, headers: { ...headers, "content-security-policy": policy } });
    });
    const failure = page.waitForEvent("pageerror");
    await page.goto(`${world.worker.url}/pages/page?role=admin`);
    assert.match(String(await failure), /CompileError|TypeError|unsafe-eval|policy/i);
    await page.close();
    assert.ok(complaints.splice(0).length > 0);
  });
}

test("a page gives it its own looks, by properties and parts, in its own color-scheme", async ({ visit }) => {
  const product = await visit();
  await product.choose("system", "preAuthorize");
  const colour = () =>
    product.element.evaluate((element) => {
      const button = element.shadowRoot?.querySelector("button.primary");
      const card = element.shadowRoot?.querySelector(".card");
      if (!button || !card) return [];
      return [getComputedStyle(button).backgroundColor, getComputedStyle(card).backgroundColor];
    });
  assert.deepEqual(await colour(), ["rgb(11, 107, 96)", "rgb(255, 255, 255)"]);
  await product.page.emulateMedia({ colorScheme: "dark" });
  assert.deepEqual(await colour(), ["rgb(95, 214, 195)", "rgb(23, 32, 29)"]);
  await product.element.evaluate((element) => {
    element.style.setProperty("color-scheme", "light");
    element.style.setProperty("--zendesk-connect-accent", "rgb(1, 2, 3)");
  });
  assert.deepEqual(await colour(), ["rgb(1, 2, 3)", "rgb(255, 255, 255)"]);
  await product.page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("zendesk-connect::part(primary-button) { background: rgb(4, 5, 6) }");
    document.adoptedStyleSheets.push(sheet);
  });
  assert.equal((await colour())[0], "rgb(4, 5, 6)");
});

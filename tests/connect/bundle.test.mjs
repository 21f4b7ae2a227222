// As it comes out of a bundler without any configuration, and without one by an import map.
import assert from "node:assert/strict";
import { build } from "esbuild";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { Product, stage } from "./support/product.mjs";

const test = stage();

const PAGE = `
  import "zendesk-auth/connect";
  const element = document.createElement("zendesk-connect");
  element.language = "de";
  element.session = async () => (await fetch("/test/session?role=admin")).text();
  document.querySelector("main").append(element);
`;

/** @param {import("esbuild").BuildOptions} options @returns {Promise<Map<string, string>>} paths and sources */
async function bundled(options) {
  const { outputFiles = [] } = await build({
    stdin: { contents: PAGE, resolveDir: inRoot(), sourcefile: "page.js" },
    bundle: true,
    write: false,
    outdir: "/pages/bundle",
    ...options,
  });
  return new Map(outputFiles.map(({ path, text }) => [path, text]));
}

/**
 * @param {import("./support/product.mjs").Stage} stage
 * @param {string} head
 * @param {Map<string, string>} scripts
 */
async function shown({ world, context }, head, scripts) {
  await context.route("**/pages/bundle/**", (route) => {
    const body = scripts.get(new URL(route.request().url()).pathname);
    return body === undefined ? route.continue() : route.fulfill({ contentType: "text/javascript", body });
  });
  await context.route("**/pages/bundled", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><html lang="en"><head><meta charset="utf-8" /><title>Bundled</title>${head}</head><body><main></main></body></html>`,
    }),
  );
  const page = await context.newPage();
  await page.goto(`${world.worker.url}/pages/bundled`);
  const product = new Product(page, world);
  await product.see("Zendesk-Integration");
  await product.element.locator("#way-oauth-system").click();
  await product.element.locator("#way-pre-authorize").click();
  await product.element.locator("#field-subdomain").fill("a.b.zendesk.com");
  await product.element.locator("#field-subdomain").blur();
  await product.element.getByText("Da ist ein Punkt zu viel").waitFor();
}

test("one classic script, with every language in it", async (stage) => {
  const scripts = await bundled({ format: "iife" });
  assert.equal(scripts.size, 1);
  await shown(stage, '<script defer src="/pages/bundle/stdin.js"></script>', scripts);
});

test("modules, with a language fetched when it is needed", async (stage) => {
  const scripts = await bundled({ format: "esm", splitting: true });
  assert.ok(scripts.size > 4);
  await shown(stage, '<script type="module" src="/pages/bundle/stdin.js"></script>', scripts);
});

test("no bundler: an import map of one line", async (stage) => {
  const map = '<script type="importmap">{ "imports": { "zendesk-auth/connect": "/pkg/connect.js" } }</script>';
  await shown(
    stage,
    `${map}<script type="module" src="/pages/bundle/page.js"></script>`,
    new Map([["/pages/bundle/page.js", PAGE]]),
  );
});

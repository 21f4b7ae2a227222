import { build } from "esbuild";
import { chromium as playwright } from "playwright-core";
import { chromiumPath, chromiumSwitches, needChromium } from "../../lib/chromium.mjs";
import { inRoot } from "../../lib/paths.mjs";
import { options } from "./options.mjs";

/** A page with the package in it, as esbuild bundles it for browsers. */
export async function chromium() {
  await needChromium();
  const bundled = await build({
    entryPoints: [inRoot("scripts", "bench", "start", "page.mjs")],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
  });
  const executablePath = chromiumPath();
  const browser = await playwright.launch({ ...(executablePath && { executablePath }), args: chromiumSwitches });
  const page = await browser.newPage();
  await page.addScriptTag({ content: bundled.outputFiles[0]?.text ?? "" });
  return {
    /** @type {import("../rounds.mjs").Subject} */
    subject: (ms) =>
      page.evaluate(
        ([given, time]) => /** @type {any} */ (globalThis).bench(given, time),
        /** @type {const} */ ([options, ms]),
      ),
    version: browser.version(),
    close: () => browser.close(),
  };
}

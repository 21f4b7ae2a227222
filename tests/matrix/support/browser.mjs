import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";
import { chromiumPath, chromiumSwitches } from "../../../scripts/lib/chromium.mjs";
import { judgeBrowser, unreachable } from "./expected.mjs";

const types = /** @type {Record<string, string>} */ ({
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
});

export const launch = () => chromium.launch({ executablePath: chromiumPath() ?? "", args: chromiumSwitches });

/**
 * A plain server of files: what a bundler's output gets from any host.
 * @param {string} folder
 */
export async function serveFiles(folder) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent((request.url ?? "/").split("?")[0] ?? "/"));
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    const body = await readFile(file).catch(() => undefined);
    response.writeHead(body ? 200 : 404, { "content-type": types[extname(file)] ?? "application/octet-stream" });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined));
        server.closeAllConnections();
      }),
  };
}

/**
 * Opens the app and judges what the package answers there, and that the component is drawn, in a language of its own file.
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 */
export async function judgePage(browser, url) {
  const context = await browser.newContext();
  context.setDefaultTimeout(20_000);
  /** @type {string[]} */
  const complaints = [];
  context.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  context.on("weberror", (error) => complaints.push(String(error.error())));
  context.on("response", (answer) => answer.status() >= 400 && complaints.push(`${answer.status()} ${answer.url()}`));
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => "answers" in globalThis);
    judgeBrowser(await page.evaluate(() => /** @type {any} */ (globalThis).answers()));
    await page.locator("zendesk-connect").getByText(unreachable).waitFor();
  } catch (error) {
    const said = complaints.length > 0 ? `\nthe page complained:\n${complaints.join("\n")}` : "";
    throw new Error(`${error instanceof Error ? error.message : error}${said}`);
  } finally {
    await context.close();
  }
}

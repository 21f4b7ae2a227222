import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { consumers } from "../../../scripts/lib/consumers.mjs";
import { runGroup, serveGroup } from "../../../scripts/lib/groups.mjs";
import { inRoot } from "../../../scripts/lib/paths.mjs";
import { tryPort } from "../../../scripts/lib/ports.mjs";
import { judgePage, serveFiles } from "./browser.mjs";

const apps = inRoot("tests", "matrix", "apps");
/** No tool asks, counts or calls home; all say what they say without colours. */
const quiet = {
  CI: "1",
  NO_COLOR: "1",
  FORCE_COLOR: undefined,
  NODE_ENV: undefined,
  NODE_OPTIONS: undefined,
  NEXT_TELEMETRY_DISABLED: "1",
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

/** One app with the package in its node_modules, as npm would have put it there; the tools lie above. */
export class App {
  /** @type {(() => Promise<unknown>)[]} */
  #closers = [];
  /** @type {AbortSignal} */
  signal = AbortSignal.abort();
  /** Where a server that is the build already answers. */
  url = "";

  /**
   * @param {string} name
   * @param {() => Promise<import("playwright-core").Browser>} browser
   */
  constructor(name, browser) {
    this.folder = join(consumers, "apps", name);
    this.browser = browser;
  }

  /**
   * @param {string} source one of tests/matrix/apps
   * @param {string} packed the unpacked package
   */
  make(source, packed) {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    cpSync(join(apps, source), this.folder, { recursive: true });
    mkdirSync(this.path("src"), { recursive: true });
    for (const shared of ["core.js", "edge.js"]) cpSync(join(apps, shared), this.path("src", shared));
    cpSync(packed, this.path("node_modules", "zendesk-auth"), { recursive: true });
    const manifest = { name: "app", version: "0.0.0", private: true, dependencies: { "zendesk-auth": "*" } };
    writeFileSync(this.path("package.json"), JSON.stringify(manifest));
  }

  /** @param {...string} path */
  path(...path) {
    return join(this.folder, ...path);
  }

  /** Runs a script under this Node, in the app's folder. @param {string} script @param {...string} args */
  node(script, ...args) {
    return this.program(process.execPath, script, ...args);
  }

  /** @param {string} program @param {...string} args */
  program(program, ...args) {
    return runGroup(program, args, { cwd: this.folder, env: this.#env(), signal: this.signal });
  }

  /**
   * Starts a server under this Node, until the row is over.
   * @param {string} script
   * @param {(port: string) => string[]} args
   * @returns {Promise<string>} where it answers
   */
  async serve(script, args) {
    const port = `${await tryPort(0)}`;
    const url = `http://127.0.0.1:${port}/`;
    const options = { cwd: this.folder, env: this.#env(), signal: this.signal, url };
    const server = await serveGroup(process.execPath, [script, ...args(port)], options);
    this.#closers.push(server.stop);
    return url;
  }

  /**
   * Serves the app's files, opens one of them in Chromium, and judges what it says.
   * @param {string} path
   * @param {string} [folder] what is served at `/`
   */
  async browseFile(path, folder = "") {
    const server = await serveFiles(this.path(folder));
    this.#closers.push(server.stop);
    await this.browse(server.url + path);
  }

  /** @param {string} url */
  async browse(url) {
    await judgePage(await this.browser(), url);
  }

  /** The app's page with another script than its source. @param {string} script @param {string} [head] */
  page(script, head = "") {
    if (!existsSync(this.path(script))) throw new Error(`${script} was not made`);
    const page = readFileSync(join(apps, "browser", "index.html"), "utf8")
      .replace("./src/index.js", `./${script}`)
      .replace("<script", `${head}<script`);
    writeFileSync(this.path("page.html"), page);
    return "page.html";
  }

  async close() {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }

  #env() {
    return { ...quiet, WRANGLER_LOG_PATH: this.path("wrangler.log") };
  }
}

import { consumer } from "../../scripts/lib/consumers.mjs";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { bunPath } from "../../scripts/lib/runtimes.mjs";
import { judgeServer } from "./support/expected.mjs";

/** @typedef {import("./support/app.mjs").App} App */

/**
 * No plugin and no configuration that the tool's own users would not have: what each of them does by itself.
 *
 * @typedef {object} Consumer
 * @property {string} app one of tests/matrix/apps
 * @property {string} [shares] the name of what several rows are built as, once
 * @property {boolean} [own] needs only tools of the root
 * @property {(app: App) => Promise<unknown>} build
 * @property {(app: App) => Promise<unknown>} run in its real runtime, with its answers judged
 */

const root = (/** @type {string[]} */ ...path) => inRoot("node_modules", ...path);

/** @type {Record<string, Consumer>} */
export const consumers = {
  "import-map": {
    app: "browser",
    own: true,
    build: async (app) => app.page("src/index.js", importMap()),
    run: (app) => app.browseFile("page.html"),
  },
  "vite-build": {
    app: "browser",
    own: true,
    build: (app) => app.node(root("vite", "bin", "vite.js"), "build"),
    // As `vite preview` serves it.
    run: async (app) =>
      app.browse(await app.serve(root("vite", "bin", "vite.js"), (port) => ["preview", ...onLoopback(port)])),
  },
  "vite-dev": {
    app: "browser",
    own: true,
    // There is no build: the server starts, and answers.
    build: async (app) => {
      app.url = await app.serve(root("vite", "bin", "vite.js"), (port) => ["dev", ...onLoopback(port)]);
    },
    run: (app) => app.browse(app.url),
  },
  webpack: {
    app: "browser",
    build: (app) => app.node(consumer("webpack", "bin", "webpack.js"), "--mode", "production"),
    run: (app) => app.browseFile(app.page("dist/main.js")),
  },
  "esbuild-browser": {
    app: "browser",
    own: true,
    build: (app) => app.program(root(".bin", "esbuild"), "src/index.js", "--bundle", "--outdir=dist"),
    run: (app) => app.browseFile(app.page("dist/index.js")),
  },
  "esbuild-node": {
    app: "server",
    own: true,
    build: (app) =>
      app.program(root(".bin", "esbuild"), "src/index.js", "--bundle", "--platform=node", "--outdir=dist"),
    run: async (app) => judgeServer(JSON.parse(await app.node("dist/index.js"))),
  },
  rollup: {
    app: "browser",
    // Rollup finds nothing in node_modules by itself; its documentation names this plugin for it.
    build: (app) =>
      app.node(
        consumer("rollup", "dist", "bin", "rollup"),
        "src/index.js",
        "--plugin",
        "node-resolve",
        "--dir",
        "dist",
      ),
    run: (app) => app.browseFile(app.page("dist/index.js")),
  },
  parcel: {
    app: "browser",
    build: (app) => app.node(consumer("parcel", "lib", "bin.js"), "build", "index.html"),
    run: (app) => app.browseFile("index.html", "dist"),
  },
  "bun-build": {
    app: "browser",
    own: true,
    build: (app) => app.program(bunPath(), "build", "src/index.js", "--outdir", "dist"),
    run: (app) => app.browseFile(app.page("dist/index.js")),
  },
  wrangler: {
    app: "worker",
    build: (app) => app.node(wrangler(), "deploy", "--dry-run", "--outdir", "dist"),
    run: async (app) => judgeAt(await app.serve(wrangler(), (port) => ["dev", "--ip", "127.0.0.1", "--port", port])),
  },
  ...next("next", []),
  ...next("next-webpack", ["--webpack"]),
};

/**
 * One build, and a row for each place where code of such an app runs.
 * @param {string} name
 * @param {string[]} flags
 * @returns {Record<string, Consumer>}
 */
function next(name, flags) {
  const program = consumer("next", "dist", "bin", "next");
  const start = (/** @type {App} */ app) => app.serve(program, (port) => ["start", "-H", "127.0.0.1", "-p", port]);
  const common = { app: "next", shares: name, build: (/** @type {App} */ app) => app.node(program, "build", ...flags) };
  return {
    [`${name}-server`]: {
      ...common,
      async run(app) {
        const url = await start(app);
        await judgeAt(`${url}api/node`);
        judgeServer(JSON.parse(outputOf(await (await fetch(url)).text())));
      },
    },
    [`${name}-client`]: { ...common, run: async (app) => app.browse(await start(app)) },
    [`${name}-edge`]: { ...common, run: async (app) => judgeAt(`${await start(app)}api/edge`) },
  };
}

/** What a server component wrote into the page. @param {string} html */
function outputOf(html) {
  const text = /<output>([^<]*)<\/output>/.exec(html)?.[1] ?? "the page has no output";
  return text.replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

/** @param {string} url */
async function judgeAt(url) {
  const answer = await fetch(url);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} was answered with ${answer.status}:\n${text.slice(0, 2_000)}`);
  judgeServer(JSON.parse(text));
}

/** @param {string} port */
const onLoopback = (port) => ["--host", "127.0.0.1", "--port", port, "--strictPort"];

const wrangler = () => consumer("wrangler", "bin", "wrangler.js");

function importMap() {
  const imports = {
    "zendesk-auth": "./node_modules/zendesk-auth/browser/entry.inline.js",
    "zendesk-auth/connect": "./node_modules/zendesk-auth/connect.js",
  };
  return `<script type="importmap">${JSON.stringify({ imports })}</script>`;
}

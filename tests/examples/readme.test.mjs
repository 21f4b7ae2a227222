import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { startExample } from "../../scripts/lib/examples.mjs";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { API_TOKENS, SECRETS, startSandbox } from "../../www/sandbox/index.js";
import { answersSeenBy, assertAllDescribed } from "../browser/support/answers.mjs";
import { ZendeskPage } from "../browser/support/zendesk-page.mjs";
import { fencedIn, snippet } from "../docs/snippets.mjs";
import { launch, newTab } from "./support/chromium.mjs";

/** @typedef {import("playwright-core").Page} Page */

const MINUTE = { timeout: 60_000 };

/** @type {Awaited<ReturnType<typeof startSandbox>>} */
let sandbox;
/** @type {import("../../scripts/lib/examples.mjs").Example} */
let example;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {ReturnType<typeof answersSeenBy>[]} */
const seen = [];
before(async () => {
  sandbox = await startSandbox();
  // The README's worker is on an origin of its own; so is this one's.
  example = await startExample("react", { sandbox });
  // A page that a test made up has no address, so it counts as one of the internet's, which may not call this machine.
  browser = await launch("--disable-features=LocalNetworkAccessChecks");
});
after(async () => {
  try {
    assertAllDescribed((await Promise.all(seen.map((answers) => answers()))).flat());
  } finally {
    await browser?.close();
    await example?.dispose();
    await sandbox?.close();
  }
});

/** @param {object} whose */
async function session(whose) {
  const answer = await fetch(`${example.worker}/sessions`, {
    method: "POST",
    headers: { authorization: `Bearer ${example.adminKey}`, "content-type": "application/json" },
    body: JSON.stringify(whose),
  });
  return (await answer.json()).session;
}

/**
 * A page beside the example's, of the files that are given.
 *
 * @param {Page} page
 * @param {Record<string, string>} files
 * @param {Record<string, string>} [headers]
 */
async function open(page, files, headers = {}) {
  await page.route(`${example.url}/readme/*`, (route) => {
    const name = new URL(route.request().url()).pathname.slice("/readme/".length);
    const contentType = name.endsWith(".js") ? "text/javascript" : "text/html";
    const body = files[name];
    return body === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ headers, contentType, body });
  });
  await page.goto(`${example.url}/readme/index.html`);
}

for (const access of ["pre-authorize", "allow-users"]) {
  for (const authorization of ["basic", "oauth-system", "oauth-custom"]) {
    const name = `${access}-${authorization}`;
    test(`the calls of the README end in an enabled integration: ${name}`, MINUTE, async () => {
      const { context, page, complaints } = await newTab(browser);
      seen.push(answersSeenBy(context, { worker: { url: example.worker } }));
      const constants = {
        WORKER_URL: example.worker,
        API_TOKEN: API_TOKENS.acme,
        CLIENT_SECRET: SECRETS.acme_custom,
        ADMIN: await session({ tenant: name, role: "admin" }),
        JANE: await session({ tenant: name, role: "user", subject: "jane" }),
      };
      const names = Object.keys(constants).join(", ");
      await open(page, {
        "index.html":
          '<!doctype html><link rel="icon" href="data:,"><button>Go</button><script src="page.js"></script>',
        "page.js":
          'document.querySelector("button").onclick = () => import("./way.js").then(() => document.title = "done");',
        "constants.js": Object.entries(constants)
          .map(([key, value]) => `export const ${key} = ${JSON.stringify(value)};`)
          .join("\n"),
        "caller.js": `import { WORKER_URL } from "./constants.js";\n${snippet("caller")}`,
        "way.js": `import { ${names} } from "./constants.js";
          import { authorize, caller } from "./caller.js";
          const admin = caller(ADMIN), jane = caller(JANE);
          ${snippet(name)}`,
      });
      const popup = authorization === "basic" ? undefined : page.waitForEvent("popup");
      await page.getByRole("button", { name: "Go" }).click();
      if (popup) await new ZendeskPage(await popup).allow();
      await page.waitForFunction(() => document.title === "done");

      const asked = (/** @type {string} */ path) =>
        fetch(example.worker + path, { headers: { authorization: `Bearer ${constants.ADMIN}` } }).then((answer) =>
          answer.json(),
        );
      const integration = await asked("/integration");
      assert.deepEqual(
        [integration.authorization, integration.access, integration.state],
        [authorization, access, "enabled"],
      );
      const { connections } = await asked("/connections");
      assert.deepEqual(
        connections.map((/** @type {any} */ each) => [each.subject, each.subdomain, each.user.name, each.status]),
        [[access === "pre-authorize" ? "integration" : "user:jane", "acme", "Ada Byron", "active"]],
      );
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }
}

test("the page of the README connects and disconnects under the policy of the README", MINUTE, async () => {
  const own = (/** @type {string} */ text) => text.replaceAll("https://auth.example.com", example.worker);
  const html = snippet("page");
  const [, script = ""] = /<script type="module">\n(.*?)<\/script>/s.exec(html) ?? [];
  assert.match(script, /import "zendesk-auth\/connect"/);
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: inRoot() },
    bundle: true,
    write: false,
    format: "esm",
  });
  const [name = "", policy = ""] = own(snippet("policy"))
    .replaceAll(/\s+/g, " ")
    .split(/: (.*)/);
  assert.equal(name, "content-security-policy");
  const { context, page, complaints } = await newTab(browser);
  seen.push(answersSeenBy(context, { worker: { url: example.worker } }));
  /** @type {string[]} */
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  await open(
    page,
    {
      "index.html": `<!doctype html><html lang="en"><title>README</title>
        ${own(html).replace(/<script.*<\/script>/s, '<script type="module" src="page.js"></script>')}</html>`,
      "page.js": outputFiles[0]?.text ?? "",
    },
    // Without a favicon: what the browser asks for by itself is not the component's.
    { [name]: policy },
  );
  const popup = page.waitForEvent("popup");
  await page.getByRole("textbox", { name: "Subdomain" }).fill("acme");
  await page.getByRole("button", { name: "Connect" }).click();
  await new ZendeskPage(await popup).allow();
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("button", { name: "Yes, disconnect" }).click();
  await page.getByRole("heading", { name: "Disconnected from acme" }).waitFor();
  assert.deepEqual(said, ["acme", "confirmed"]);
  assert.deepEqual(complaints, []);

  // A violation would have been heard.
  const violation = page.waitForEvent("console", (message) => /Content Security Policy/.test(message.text()));
  await page.evaluate(() => {
    document.body.append(document.createElement("style"));
    document.querySelector("style")?.append("p {}");
  });
  await violation;
  await context.close();
});

test("the README asks for the policy that the component's documentation asks for", () => {
  const documented = fencedIn("docs", "component.md").find(({ language }) => language === "http");
  assert.equal(snippet("policy"), documented?.code);
});

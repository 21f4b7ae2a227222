// Where the element's session comes from, and what happens when it ends.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { openToUsers, stage } from "./support/product.mjs";

const test = stage();
const jane = /** @type {const} */ ({ role: "user", subject: "jane" });
const asked = (/** @type {import("./support/product.mjs").Product} */ product) =>
  product.element.getAttribute("data-asked");

test("a function is asked once, and again when its session has expired", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit({ ...jane, expiresIn: 60 });
  assert.equal(await asked(product), "1");
  await world.moveClock(61_000);
  await product.element.evaluate((/** @type {any} */ element) => element.reload());
  await product.fill({ Subdomain: "acme" });
  await (await product.lead("Connect")).allow();
  await product.see("Connected to acme");
  assert.deepEqual(await product.heard("zendesk-failed"), []);
});

test("an expired session is renewed in the middle of an authorization, but for nobody else", async ({
  world,
  visit,
}) => {
  await openToUsers(world, "oauth-system");
  const product = await visit({ ...jane, expiresIn: 60 });
  await product.fill({ Subdomain: "acme" });
  const zendesk = await product.lead("Connect");
  await world.moveClock(61_000);
  await product.page.evaluate(async () => {
    const element = /** @type {any} */ (document.querySelector("zendesk-connect"));
    element.session = async () => (await fetch("/test/session?role=user&subject=joe")).text();
  });
  await product.see("Your session has ended");
  await product.accessible("session ended");
  assert.equal((await product.heard("zendesk-failed"))[0].code, "session_invalid");
  await zendesk.page.close().catch(() => {});
  const { connections } = await world.ask("GET", "/connections", undefined, "role=user&subject=joe");
  assert.deepEqual(connections, []);
});

test("a session as an attribute; null waits; another person's session starts afresh", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(jane);
  await product.fill({ Subdomain: "acme" });
  await product.page.evaluate(async () => {
    const session = await (await fetch("/test/session?role=user&subject=joe")).text();
    const element = document.createElement("zendesk-connect");
    /** @type {any} */ (element).session = null;
    document.querySelector("zendesk-connect")?.replaceWith(element);
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (element.shadowRoot?.querySelector("section")) throw new Error("it did not wait");
    element.setAttribute("session", session);
  });
  await product.see("Connect your Zendesk account");
  assert.equal(await product.field("Subdomain").inputValue(), "");
  await product.page.evaluate(async () => {
    const session = await (await fetch("/test/session?role=admin")).text();
    document.querySelector("zendesk-connect")?.setAttribute("session", session);
  });
  await product.see("Zendesk integration");
});

test("another person in the middle of an authorization: it ends, and nothing of it is shown", async ({
  world,
  visit,
}) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(jane);
  await product.fill({ Subdomain: "acme" });
  const zendesk = await product.lead("Connect");
  await product.see("Waiting for acme");
  const closed = zendesk.page.waitForEvent("close");
  await product.page.evaluate(async () => {
    const session = await (await fetch("/test/session?role=user&subject=joe")).text();
    document.querySelector("zendesk-connect")?.setAttribute("session", session);
  });
  await closed;
  await product.see("Connect your Zendesk account");
  assert.equal(await product.field("Subdomain").inputValue(), "");
  assert.deepEqual(await product.heard("zendesk-connected"), []);
  assert.deepEqual(await product.storage(), {});
});

test("a reload that fails takes nothing away that is on the page", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(jane);
  await product.fill({ Subdomain: "half-typ" });
  await product.page.route("**/integration", (route) => route.abort());
  await product.element.evaluate((/** @type {any} */ element) => element.reload());
  await product.see("The connection was lost");
  assert.equal(await product.field("Subdomain").inputValue(), "half-typ");
});

test("a function in the place of another is not a reason to load anew", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit(jane);
  let requests = 0;
  product.page.on("request", () => {
    requests += 1;
  });
  await product.element.evaluate(async (/** @type {any} */ element) => {
    const before = element.session;
    for (let render = 0; render < 5; render += 1) {
      element.session = () => before();
      await element.updateComplete;
    }
  });
  assert.equal(requests, 0);
});

test("no session: the product's own sign-in, by cookie", async ({ world, context, visit }) => {
  await world.reset({ hook: true });
  await context.addCookies([{ name: "signed-in", value: "admin", url: world.worker.url }]);
  const product = await visit({ role: "none" });
  await product.choose("system", "preAuthorize");
  await product.fill({ Subdomain: "acme" });
  await (await product.lead("Authorize")).allow();
  await product.see("Connected to acme");
  await product.press("Enable");
  await product.seeState("Enabled");
});

test("nobody is signed in: said, with a way to try again", async ({ world, context, visit }) => {
  await world.reset({ hook: true });
  const product = await visit({ role: "none" });
  await product.see("Your session has ended");
  await product.accessible("nobody signed in");
  assert.equal((await product.heard("zendesk-failed"))[0].code, "authentication_refused");
  await context.addCookies([{ name: "signed-in", value: "admin", url: world.worker.url }]);
  await product.press("Try again");
  await product.see("Zendesk integration");
});

test("a function that fails, and a worker that cannot be reached", async ({ visit }) => {
  const product = await visit();
  await product.element.evaluate((/** @type {any} */ element) => {
    const failing = document.createElement("zendesk-connect");
    /** @type {any} */ (failing).session = () => Promise.reject(new Error("signed out"));
    element.replaceWith(failing);
  });
  await product.see("Your session has ended");
  await product.page.route("**/integration", (route) => route.abort());
  await product.page.reload();
  await product.see("The connection was lost");
  await product.accessible("worker out of reach");
});

test("a worker on another origin of the same site: the whole of the worker-held flow", async ({ world, visit }) => {
  const pages = await elsewhere(world.worker.url);
  try {
    await world.reset({ allowedOrigins: [pages.origin], returnTo: [`${pages.origin}/pages/`] });
    await openToUsers(world, "oauth-system");
    const product = await visit({ ...jane, origin: pages.origin, attributes: { worker: `${world.worker.url}/` } });
    await product.fill({ Subdomain: "acme" });
    await (await product.lead("Connect")).allow();
    await product.see("Connected to acme");
    await product.element.evaluate((element) => element.setAttribute("mode", "redirect"));
    await product.press("Connect another account");
    await product.fill({ Subdomain: "globex" });
    await (await product.lead("Connect", "redirect")).allow();
    await product.see("Connected to globex");
    assert.equal(new URL(product.page.url()).origin, pages.origin);
  } finally {
    await pages.close();
  }
});

/** The product's pages on another port than its worker. @param {string} worker */
async function elsewhere(worker) {
  const server = createServer(async (request, response) => {
    const answer = await fetch(worker + request.url);
    response.writeHead(answer.status, {
      "content-type": answer.headers.get("content-type") ?? "",
      "content-security-policy": answer.headers.get("content-security-policy") ?? "",
    });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    origin: `http://localhost:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve(undefined)));
    },
  };
}

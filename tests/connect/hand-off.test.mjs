// The hand-off: the page keeps state and verifier, and the product's own callback page finishes.
import assert from "node:assert/strict";
import { openToUsers, saveProfile, stage } from "./support/product.mjs";

const test = stage();
const HAND_OFF = { "redirect-uri": "/pages/callback" };
const jane = /** @type {const} */ ({ role: "user", subject: "jane" });

test("in a popup: the callback page hands over and closes itself; nothing stays behind", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit({ ...jane, attributes: HAND_OFF });
  await product.fill({ Subdomain: "acme" });
  const zendesk = await product.lead("Connect");
  const { transaction } = JSON.parse((await product.storage())["zendesk-auth:pending"] ?? "");
  assert.match(transaction.state, /^[\w-]{43}$/);
  const closed = zendesk.page.waitForEvent("close");
  await zendesk.allow();
  await product.see("Connected to acme");
  await closed;
  assert.deepEqual(await product.storage(), {});
  const heard = JSON.stringify(await product.events());
  for (const secret of [transaction.state, transaction.codeVerifier]) assert.ok(!heard.includes(secret));
});

test("OAuth - Custom, as a user and as an admin", async ({ world, visit }) => {
  const { id } = await saveProfile(world);
  await openToUsers(world, "oauth-custom", id);
  const user = await visit({ ...jane, attributes: HAND_OFF });
  await (await user.lead("Connect")).allow();
  await user.see("Connected to acme");
  await world.ask("PUT", "/integration", { authorization: "oauth-custom", access: "pre-authorize", profile: id });
  const admin = await visit({ attributes: HAND_OFF });
  await admin.press("Edit: Acme support");
  assert.equal(await admin.field("Callback URL").inputValue(), `${world.worker.url}/pages/callback`);
  await (await admin.lead("Authorize")).allow();
  await admin.seeState("Ready to be enabled");
});

test("by redirect: the callback page finishes the work and goes back", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit({ ...jane, attributes: { ...HAND_OFF, mode: "redirect" } });
  await product.page.evaluate(() => sessionStorage.setItem("who", "role=user&subject=jane"));
  await product.fill({ Subdomain: "acme" });
  await (await product.lead("Connect", "redirect")).allow();
  await product.see("Connected to acme");
  assert.equal((await product.heard("zendesk-connected")).length, 1);
  assert.deepEqual(await product.storage(), { who: "role=user&subject=jane" });
});

test("by redirect, denied", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit({ ...jane, attributes: { ...HAND_OFF, mode: "redirect" } });
  await product.page.evaluate(() => sessionStorage.setItem("who", "role=user&subject=jane"));
  await product.fill({ Subdomain: "acme" });
  await (await product.lead("Connect", "redirect")).deny();
  await product.see("Access was denied");
});

test("somebody else has signed in meanwhile: they are told, and get nothing", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const product = await visit({ ...jane, attributes: { ...HAND_OFF, mode: "redirect" } });
  const returnTo = product.page.url().replace("subject=jane", "subject=joe");
  await product.element.evaluate((element, url) => element.setAttribute("return-to", url), returnTo);
  await product.page.evaluate(() => sessionStorage.setItem("who", "role=user&subject=joe"));
  await product.fill({ Subdomain: "acme" });
  await (await product.lead("Connect", "redirect")).allow();
  await product.see("This answer belongs to another authorization");
  for (const subject of ["jane", "joe"]) {
    const { connections } = await world.ask("GET", "/connections", undefined, `role=user&subject=${subject}`);
    assert.deepEqual(connections, []);
  }
});

test("a return-to on another origin leads to the product itself", async ({ world, visit }) => {
  await openToUsers(world, "oauth-system");
  const attributes = { ...HAND_OFF, mode: "redirect", "return-to": "https://elsewhere.example/" };
  const product = await visit({ ...jane, attributes });
  await product.page.evaluate(() => sessionStorage.setItem("who", "role=user&subject=jane"));
  await product.fill({ Subdomain: "acme" });
  await (await product.lead("Connect", "redirect")).allow();
  await product.page.waitForURL(`${world.worker.url}/`);
});

test("an answer that nobody waits for is said to be one, and its code leaves the address", async ({
  world,
  context,
}) => {
  const page = await context.newPage();
  await page.goto(`${world.worker.url}/pages/callback?code=stray&state=unknown`);
  await page.getByRole("heading", { name: "No page is waiting for this answer" }).waitFor();
  assert.equal(page.url(), `${world.worker.url}/pages/callback`);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.status), "unexpected");
});

test("another tab's callback is left to the other tab", async ({ world, context, visit }) => {
  await openToUsers(world, "oauth-system");
  const [one, other] = [
    await visit({ ...jane, attributes: HAND_OFF }),
    await visit({ role: "user", subject: "joe", attributes: HAND_OFF }),
  ];
  const zendesk = [];
  for (const product of [one, other]) {
    await product.fill({ Subdomain: "acme" });
    zendesk.push(await product.lead("Connect"));
  }
  await zendesk[1]?.allow();
  await other.see("Connected to acme");
  await one.see("Waiting for acme");
  await zendesk[0]?.allow();
  await one.see("Connected to acme");
  assert.equal(context.pages().length, 2);
});

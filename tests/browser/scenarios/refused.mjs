import assert from "node:assert/strict";
import { FLOWS } from "../support/console-page.mjs";

/** What Zendesk, or the person at Zendesk, says no to. @type {import("../support/scenario.mjs").Scenarios} */
export const refused = {};

export const WRONG_SECRET = "a-wrong-secret-that-somebody-typed-0123456789";

for (const flow of FLOWS) {
  refused[`${flow}: denied in the popup, then allowed`] = async ({ open }) => {
    const console = await open();
    await console.fill();
    await console.choose({ flow });
    await (await console.authorizeIn()).deny();
    assert.match(
      await console.seeNotice("Access was denied"),
      /Somebody chose Deny on Zendesk's page, so nothing was connected\./,
    );
    assert.equal(
      await console.page.getByRole("textbox", { name: "Client ID" }).inputValue(),
      "acme_custom",
      "what was typed is kept",
    );
    await (await console.authorizeIn()).allow();
    await console.seeConnected();
  };

  refused[`${flow}: denied by redirect`] = async ({ open }) => {
    const console = await open();
    await console.fill({ name: "Denied by redirect" });
    await console.choose({ flow, mode: "redirect" });
    await (await console.authorizeIn("redirect")).deny();
    await console.seeNotice("Access was denied");
    assert.ok(await console.page.getByRole("radio", { name: /^Denied by redirect/ }).isChecked());
    await console.page.getByRole("button", { name: /^Edit ?: Denied by redirect$/ }).click();
    assert.equal(await console.page.getByRole("textbox", { name: "Profile name" }).inputValue(), "Denied by redirect");
    assert.equal(new URL(console.page.url()).search, "");
  };

  refused[`${flow}: wrong secret, then the right one`] = async ({ open }) => {
    const console = await open();
    await console.fill({ clientSecret: WRONG_SECRET });
    await console.choose({ flow });
    await (await console.authorizeIn()).allow();
    const text = await console.seeNotice("Zendesk does not accept the client secret");
    assert.match(text, /An admin replaces the client secret\./);
    const { secret } = console;
    assert.equal(await secret.getAttribute("aria-invalid"), "true");
    await secret.fill("sandbox-secret-acme-custom-not-real");
    await (await console.authorizeIn()).allow();
    await console.seeConnected();
  };

  refused[`${flow}: “No such client”, which never comes back, then cancel`] = async ({ open }) => {
    const console = await open();
    await console.page.clock.install();
    await console.fill({ clientId: "nobody_knows_me" });
    await console.choose({ flow });
    const zendesk = await console.authorizeIn();
    await zendesk.page.getByText("No such client").waitFor();
    await console.seeWaiting();
    await console.page.clock.fastForward(21_000);
    const hint = console.page.getByText("Zendesk shows an error, such as “No such client”?");
    await hint.waitFor();
    await console.page.getByText(/acme does not know the OAuth client/).waitFor();
    await console.cancel();
    // The window goes with it.
    if (!zendesk.page.isClosed()) await zendesk.page.waitForEvent("close");
  };

  refused[`${flow}: Zendesk is down while the code is exchanged`] = async ({ open, world }) => {
    const console = await open();
    await console.fill();
    await console.choose({ flow });
    world.sandbox.faults.set("token", { kind: "status", status: 503 });
    await (await console.authorizeIn()).allow();
    await console.seeNotice("Zendesk does not answer just now");
  };

  refused[`${flow}: a scope that the client is not allowed`] = async ({ open }) => {
    const console = await open();
    await console.fill({
      clientId: "acme_narrow",
      clientSecret: "sandbox-secret-acme-narrow-not-real",
      scopes: ["read", "write"],
    });
    await console.choose({ flow });
    await (await console.authorizeIn()).allow();
    await console.seeNotice("Zendesk does not allow one of the scopes");
  };

  refused[`${flow}: a token that belongs to nobody`] = async ({ open, world }) => {
    const console = await open();
    await console.fill();
    await console.choose({ flow });
    world.sandbox.faults.set("me", {
      kind: "status",
      status: 200,
      body: JSON.stringify({ user: { id: null, name: "Anonymous user", email: "invalid@example.com" } }),
    });
    await (await console.authorizeIn()).allow();
    assert.match(
      await console.seeNotice("This Zendesk user cannot be used"),
      /Zendesk names no user for this credential/,
    );
  };
}

refused["hand-off: a code used twice"] = async ({ open, world }) => {
  const console = await open();
  await console.fill();
  /** @type {number[]} */
  const statuses = [];
  await console.page.route("**/oauth/exchange", async (route) => {
    const request = route.request();
    const first = await fetch(request.url(), {
      method: "POST",
      headers: { ...(await request.allHeaders()) },
      body: request.postData(),
    });
    statuses.push(first.status);
    await route.continue();
  });
  await (await console.authorizeIn()).allow();
  await console.seeNotice("This answer was used already");
  assert.deepEqual(statuses, [201], "somebody else was faster");
  assert.equal(world.sandbox.account("acme").tokens.all().length > 0, true);
};

refused["hand-off: the network fails during the exchange"] = async ({ open }) => {
  const console = await open();
  await console.fill();
  await console.page.route("**/oauth/exchange", (route) => route.abort("connectionfailed"));
  await (await console.authorizeIn()).allow();
  await console.seeNotice("The connection was lost");
};

refused["worker-held: the poll fails for a while"] = async ({ open }) => {
  const console = await open();
  await console.fill();
  await console.choose({ flow: "worker-held" });
  let failures = 0;
  await console.page.route("**/transactions/*", (route) => {
    failures += 1;
    return failures <= 3 ? route.abort("connectionfailed") : route.continue();
  });
  await (await console.authorizeIn()).allow();
  await console.seeConnected();
  assert.ok(failures > 3);
};

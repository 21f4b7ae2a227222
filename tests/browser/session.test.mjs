// An authorization ends for whom it was begun, or not at all. Needs no page.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { componentLogic } from "./support/logic.mjs";

/** The component's logic. @type {any} */
let logic;

before(async () => {
  logic = await componentLogic(["api", "channel", "flows"]);
});

const CALLBACK = "https://console.example/console/callback";
const ZENDESK = "https://{subdomain}.zendesk.com";
const profile = {
  id: "p",
  subdomain: "acme",
  clientId: "acme_custom",
  scope: "read",
  authorizationUrl: "https://{subdomain}.zendesk.com/oauth/authorizations/new",
};

/**
 * A page of somebody's, and what it sends to the worker besides asking whose it is.
 *
 * @param {{ session?: string, tenant?: string, role?: string, subject?: string }[]} sessions  one after the other
 */
function page(...sessions) {
  /** @type {{ url: string, authorization: string | null }[]} */
  const sent = [];
  let whose = sessions[0];
  const api = new logic.Api({
    worker: "https://console.example",
    session: () => async () => {
      whose = sessions.shift() ?? assert.fail("no session left");
      return whose.session ?? "s";
    },
    fetch: async (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
      if (new URL(url).pathname === "/session") {
        const { session: _, ...who } = whose ?? {};
        return Response.json({ subject: null, role: "admin", accountTemplate: ZENDESK, ...who });
      }
      const authorization = new Headers(init.headers).get("authorization");
      sent.push({ url, authorization });
      return authorization === "Bearer old"
        ? Response.json({ code: "session_expired", detail: "" }, { status: 401 })
        : Response.json({ id: "connection" }, { status: 201 });
    },
  });
  const settings = {
    api,
    flow: "hand-off",
    mode: "redirect",
    redirectUri: CALLBACK,
    returnTo: "https://console.example/",
  };
  return { api, settings, sent };
}

/** @param {{ session?: string, tenant?: string, role?: string, subject?: string }} session whose page begins */
async function begun(session) {
  const target = { authorization: "oauth-custom", profile };
  const { pending } = await logic.begin(target, page(session).settings, new AbortController().signal);
  return { pending, url: `${CALLBACK}?code=abc&state=${pending.transaction.state}` };
}

/** @param {string} code */
const refusal = (code) => (/** @type {any} */ error) => (error.trouble ?? error).code === code;

const jane = { tenant: "one", role: "user", subject: "jane" };

test("whoever began an authorization finishes it", async () => {
  for (const whose of [
    jane,
    { tenant: "one", role: "admin" },
    { tenant: "one", role: "admin", subject: "ada" },
    { tenant: "default" },
  ]) {
    const { pending, url } = await begun(whose);
    const { api, sent } = page({ ...whose });
    assert.equal((await logic.finishHandOff(url, pending, api)).id, "connection");
    assert.equal(sent.length, 1);
  }
});

test("nobody else does: the code does not leave the page", async () => {
  const others = [
    { who: { ...jane, subject: "mallory" }, code: "callback_other_subject" },
    { who: { ...jane, role: "admin" }, code: "callback_other_subject" },
    { who: { ...jane, tenant: "two" }, code: "callback_other_tenant" },
    { who: { tenant: "default" }, code: "callback_other_tenant" },
  ];
  for (const { who, code } of others) {
    const { pending, url } = await begun(jane);
    const { api, sent } = page(who);
    await assert.rejects(logic.finishHandOff(url, pending, api), refusal(code));
    assert.deepEqual(sent, []);
  }
});

test("a session is renewed for the same person only", async () => {
  const { pending, url } = await begun(jane);
  const renewed = page({ ...jane, session: "old" }, { ...jane, session: "new" });
  assert.equal((await logic.finishHandOff(url, pending, renewed.api)).id, "connection");
  assert.deepEqual(
    renewed.sent.map(({ authorization }) => authorization),
    ["Bearer old", "Bearer new"],
  );
  const swapped = await begun(jane);
  const swapping = page({ ...jane, session: "old" }, { ...jane, subject: "mallory", session: "new" });
  await assert.rejects(logic.finishHandOff(swapped.url, swapped.pending, swapping.api));
  assert.deepEqual(
    swapping.sent.map(({ authorization }) => authorization),
    ["Bearer old"],
  );
});

test("what other pages post on the channel is no state", () => {
  for (const odd of [undefined, null, 7, {}, "", "no url", "http://", "https://a.example/?code=1"]) {
    assert.equal(logic.stateOf(odd), undefined);
  }
  assert.equal(logic.stateOf("https://a.example/?state=s&state=t"), "s");
});

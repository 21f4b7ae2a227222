import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { componentLogic } from "./support/logic.mjs";
import { assertSentences } from "./support/shown.mjs";

/** @typedef {import("../../pkg-config/src/connect/authorization.js").Authorization} Authorization */
/** @typedef {import("../../pkg-config/src/connect/authorization.js").AuthorizationEvent} AuthorizationEvent */

/** The component's logic, which needs no page. @type {any} */
let logic;

before(async () => {
  logic = await componentLogic(["authorization", "advice", "scopes", "times", "words"]);
});

describe("an authorization", () => {
  const connection = /** @type {any} */ ({ id: "c" });
  const trouble = { code: "access_denied", message: "" };
  const waiting = { phase: "waiting", flow: "hand-off", account: "acme", window: "open", slow: false };
  /** @type {Record<string, object>} */
  const phases = {
    idle: { phase: "idle" },
    saving: { phase: "saving" },
    checking: { phase: "checking" },
    blocked: { phase: "blocked" },
    leaving: { phase: "leaving", account: "acme" },
    waiting,
    finishing: { phase: "finishing", account: "acme" },
    connected: { phase: "connected", connection },
    failed: { phase: "failed", trouble },
    cancelled: { phase: "cancelled" },
  };
  const underWay = ["saving", "checking", "leaving", "waiting", "finishing"];
  const atRest = Object.keys(phases).filter((phase) => !underWay.includes(phase));
  /** From which phases an event leads on, and where. Everywhere else it changes nothing. @type {[AuthorizationEvent, string[], object][]} */
  const table = [
    [{ type: "started" }, atRest, { phase: "saving" }],
    [{ type: "checking" }, atRest, { phase: "checking" }],
    [{ type: "blocked" }, ["saving"], { phase: "blocked" }],
    [{ type: "leaving", account: "acme" }, ["saving"], { phase: "leaving", account: "acme" }],
    [{ type: "waiting", flow: "hand-off", account: "acme" }, ["saving"], waiting],
    [{ type: "looks-closed" }, ["waiting"], { ...waiting, window: "looks-closed" }],
    [{ type: "slow" }, ["waiting"], { ...waiting, slow: true }],
    [{ type: "answered" }, ["waiting"], { phase: "finishing", account: "acme" }],
    [{ type: "connected", connection }, underWay, { phase: "connected", connection }],
    [{ type: "failed", trouble }, underWay, { phase: "failed", trouble }],
    [{ type: "cancelled" }, underWay, { phase: "cancelled" }],
    [{ type: "reset" }, atRest, { phase: "idle" }],
  ];

  for (const [event, from, to] of table) {
    test(`${event.type}, in every phase`, () => {
      for (const [name, now] of Object.entries(phases)) {
        const expected = from.includes(name) ? to : now;
        assert.deepEqual(logic.advance(now, event), expected, name);
      }
    });
  }
});

describe("scopes", () => {
  test("a broad one takes the place of its narrower ones, and covers them", () => {
    assert.equal(logic.toggle("tickets:read users:write", "read", true), "read users:write");
    assert.equal(logic.toggle("users:write", "read", true), "read users:write");
    assert.equal(logic.toggle("read write", "read", false), "write");
    assert.equal(logic.choiceOf("read", "tickets:read"), "covered");
    assert.equal(logic.choiceOf("read", "tickets:write"), "off");
    assert.equal(logic.choiceOf("tickets:write", "tickets:write"), "on");
  });

  test("whether Zendesk will name the user", () => {
    for (const scope of ["read", "users:read", "write users:read"]) assert.ok(logic.canNameUser(scope), scope);
    for (const scope of ["", "write", "tickets:read", "users:write"]) assert.ok(!logic.canNameUser(scope), scope);
  });
});

describe("times", () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  for (const [seconds, expected] of /** @type {const} */ ([
    [1_799, "in 29 minutes"],
    [1_800, "in 30 minutes"],
    [59, "in 59 seconds"],
    [0, "now"],
    [-3_600, "1 hour ago"],
    [86_400 * 3, "in 3 days"],
  ])) {
    test(`${seconds} seconds from now`, () => assert.equal(logic.relative(now + seconds * 1000, now, "en"), expected));
  }
});

describe("messages", () => {
  test("a code that nobody foresaw speaks for itself, in a sentence", () => {
    const advice = logic.adviceFor({ code: "never_heard_of", message: "the moon is in the way" }, logic.ENGLISH);
    assert.equal(advice.text.join(""), "The moon is in the way.");
    assertSentences([advice.title, advice.text.join(""), ...advice.next].join("\n"), "unknown");
  });

  test("how long to wait is said where the worker knows it, in every language", async () => {
    for (const language of logic.LANGUAGES) {
      const words = await logic.wordsOf(language);
      assert.equal(words.language, language);
      const advice = logic.adviceFor({ code: "rate_limited", message: "", retryAfter: 17 }, words);
      assert.match(advice.next.join(""), language === "en" ? /^Wait 17 seconds, then start again\.$/ : /17/);
    }
  });
});

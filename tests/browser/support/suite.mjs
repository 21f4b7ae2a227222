import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { API_TOKENS, SYSTEM_CLIENT } from "../../../www/sandbox/index.js";
import { WRONG_SECRET } from "../scenarios/refused.mjs";
import { assertAnswersDescribed } from "./answers.mjs";
import { gatherEvidence, isAccount, isPermitted } from "./evidence.mjs";
import { play } from "./scenario.mjs";
import { knownSecrets, leaks, spellingsOf } from "./secrets.mjs";
import { startWorld } from "./world.mjs";

const MINUTE = 60_000;

/** Where secrets have to travel when OAuth clients are saved and both flows are run: what is looked for there is found. */
export const TRAVELS = [
  "code in URL /console/callback",
  "code in URL /oauth/callback",
  "code in body of POST /oauth/exchange",
  "code_verifier in body of POST /oauth/exchange",
  "client secret in body of POST /profiles",
];

/**
 * Runs scenarios in one world, and then looks for secrets and strays in all that they left behind.
 *
 * @param {Record<string, import("./scenario.mjs").Scenarios>} groups
 * @param {import("../../../www/sandbox/index.js").SandboxOptions} [sandboxOptions]
 * @param {string[]} [travels]  where secrets have to travel
 */
export function suite(groups, sandboxOptions, travels = TRAVELS) {
  /** @type {import("./world.mjs").World} */
  let world;

  before(async () => {
    world = await startWorld(sandboxOptions);
  });

  after(() => world?.close());

  for (const [title, scenarios] of Object.entries(groups)) {
    describe(title, () => {
      for (const [name, run] of Object.entries(scenarios)) {
        test(name, { timeout: 2 * MINUTE }, () => play(world, `${title} ${name}`, run));
      }
    });
  }

  describe("what all of these runs left behind", () => {
    test("no secret, code, verifier or token in the clear, except where it has to travel", async () => {
      const secrets = knownSecrets(world, [WRONG_SECRET]);
      for (const kind of ["client secret", "code", "code_verifier", "token", "key"]) {
        assert.ok(
          secrets.some((secret) => secret.kind === kind),
          `the runs made no ${kind}, so nothing was tested`,
        );
      }
      const evidence = await gatherEvidence(world);
      const found = leaks(evidence, secrets);
      assert.deepEqual(
        found.filter(({ kind, where }) => !isPermitted(where, kind)).map(({ kind, where }) => `${kind} in ${where}`),
        [],
      );
      // The search does find: what has to travel was seen travelling.
      const travelled = new Set(found.map(({ kind, where }) => `${kind} in ${where}`));
      for (const way of travels) {
        assert.ok(travelled.has(way), `expected to see: ${way}`);
      }
    });

    test("that search finds a planted secret in each kind of place and in each spelling", async () => {
      await play(world, "planting", async ({ open }) => {
        const { page } = await open();
        await page.evaluate(() => globalThis.console.log("a page may say something"));
      });
      const evidence = await gatherEvidence(world);
      const places = new Set(evidence.map(({ where }) => where.split(" ")[0]));
      for (const place of ["answer", "URL", "stored", "event", "log", "body", "browser", "cookie", "page", "inputs"]) {
        assert.ok(places.has(place), `no ${place} was collected`);
      }
      const secret = { kind: /** @type {const} */ ("token"), value: 'planted "secret" / with+signs & more' };
      assert.deepEqual(leaks(evidence, [secret]), []);
      for (const spelling of spellingsOf(secret.value)) {
        const planted = evidence.map((each) => ({ ...each, text: `${each.text} before ${spelling} after` }));
        assert.equal(new Set(leaks(planted, [secret])).size >= planted.length, true, spelling);
      }
      for (const shift of ["", "x", "xx"]) {
        const encoded = Buffer.from(`${shift}${secret.value}; and more`).toString("base64");
        assert.ok(leaks([{ where: "a header", text: encoded }], [secret]).length > 0, `base64 after “${shift}”`);
      }
    });

    test("everything stored is sealed", async () => {
      const { stored } = await world.workerRecord();
      assert.ok(stored.some(({ key }) => key.startsWith("profiles/")));
      assert.ok(stored.some(({ key }) => key.startsWith("connections/")));
      assert.ok(stored.some(({ key }) => key.startsWith("transactions/")));
      for (const { key, value } of stored) {
        const parts = value.split(".");
        assert.equal(parts.length, 5, `${key} is a compact JWE`);
        const header = JSON.parse(Buffer.from(parts[0] ?? "", "base64url").toString());
        assert.equal(header.alg, "dir");
        assert.equal(header.enc, "A256GCM");
        assert.equal(typeof header.kid, "string");
      }
    });

    test("nothing was ever sent to a host other than the account's", () => {
      assert.deepEqual(world.foreign.requests, []);
      assert.ok(world.outbound.length > 5);
      for (const { url, method } of world.outbound)
        assert.ok(isAccount(world, url), `the worker sent ${method} ${url}`);
      for (const { url, method } of world.recorder.sent) {
        const isOwn = url.startsWith(`${world.worker.url}/`) || url.startsWith("data:");
        assert.ok(isOwn || isAccount(world, url), `a page sent ${method} ${url}`);
      }
      for (const { host, url } of world.sandbox.requests) {
        assert.match(host, /^(acme|globex)\.localhost:\d+$/, `the stand-in was asked for ${host}${url}`);
      }
    });

    test("secrets went to the account that they belong to", () => {
      const exchanges = world.sandbox.requests.filter(({ url }) => url === "/oauth/tokens");
      assert.ok(exchanges.length > 1);
      for (const { host, body } of exchanges) {
        const { client_id } = JSON.parse(body);
        // The operator's own, which every account knows.
        if (client_id === SYSTEM_CLIENT.clientId) continue;
        assert.ok(host.startsWith(`${client_id.split("_")[0]}.`), `${client_id} at ${host}`);
      }
    });

    test("API tokens went to the account that they belong to", () => {
      for (const { host, headers } of world.sandbox.requests) {
        const basic = /^Basic (.+)$/.exec(headers.authorization ?? "")?.[1];
        const token = Buffer.from(basic ?? "", "base64")
          .toString()
          .split("/token:")[1];
        const [account] = Object.entries(API_TOKENS).find(([, value]) => value === token) ?? [];
        const isOwn = account === undefined || host.startsWith(account.replace("Deactivated", ""));
        assert.ok(isOwn, `the token of ${account} at ${host}`);
      }
    });

    test("the listener for strays does hear", async () => {
      const answer = await fetch(`http://127.0.0.1:${world.foreign.port}/a-stray`);
      await answer.text();
      assert.equal(world.foreign.requests.pop()?.url, "/a-stray");
    });

    test("every answer of the service is one that openapi.json describes", () => assertAnswersDescribed(world));

    test("no page complained", () => {
      assert.deepEqual(world.recorder.complaints, []);
    });
  });
}

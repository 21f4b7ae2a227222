import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { SECRETS } from "../../../www/sandbox/index.js";
import { ADMIN_KEY, SEALING_KEY } from "../../edge/support.mjs";
import { temporaryFolder } from "../../stores/support.mjs";
import { startWorker } from "./process.mjs";
import { allowUsers, call, connect, pass, settings, shown } from "./product.mjs";
import { startStandIn } from "./stand-in.mjs";

/**
 * @typedef {import("../../../www/sandbox/faults.js").Fault} Fault
 * @typedef {import("../../../www/sandbox/faults.js").FaultTarget} FaultTarget
 * @typedef {import("./product.mjs").Reply} Reply
 */

/** The worker in workerd, with Durable Objects, before a stand-in that misbehaves; and everything that it has said. */
export async function startFaulty() {
  const folder = temporaryFolder();
  const standIn = await startStandIn();
  const store = /** @type {const} */ ({ kind: "durable-object", at: `${folder.path}/objects` });
  const worker = await startWorker("workerd", settings(standIn, { store }), folder.path);
  const [url = ""] = worker.urls;
  const profile = await allowUsers(url);
  let people = 0;
  /** @type {string[]} */
  const said = [];

  const here = {
    standIn,
    profile,
    url,
    asBackend: { authorization: `Bearer ${ADMIN_KEY}` },

    /** Somebody who has not authorized yet. */
    person() {
      const subject = `user-${people++}`;
      return { subject, user: standIn.addPerson(subject) };
    },

    /** A connection that works, and calls on it. */
    async connected() {
      const { id, user } = await connect(standIn, url, profile, here.person());
      return {
        id,
        user,
        refreshes: () => standIn.attempts().filter((attempt) => attempt.user === user).length,
        shown: () => shown(url, id),
        credentials: () => here.ask("GET", `/connections/${id}/credentials`),
        proxy: (/** @type {string} */ path) => here.ask("GET", `/connections/${id}/proxy${path}`),
        /** What was handed out is Zendesk's newest, and it takes it. @param {Reply} reply */
        works(reply) {
          assert.equal(reply.status, 200, reply.text);
          assert.equal(standIn.takes(reply.json.authorization), user, "Zendesk takes what was handed out");
          return reply.json.authorization;
        },
        /** How often the product was told so. @param {string} type */
        async told(type) {
          const lines = () => worker.said().split("\n");
          const count = () => lines().filter((line) => line.includes(`"${type}"`) && line.includes(`"${id}"`)).length;
          await eventually(() => count() > 0);
          return count();
        },
      };
    },

    /** @type {(method: string, path: string, asking?: Parameters<typeof call>[3]) => Promise<Reply>} */
    async ask(method, path, asking) {
      const reply = await call(url, method, path, asking);
      // What a credential is handed out by says one on purpose.
      const { authorization: _, ...rest } = Object(reply.json);
      said.push(reply.status === 200 && path.endsWith("/credentials") ? JSON.stringify(rest) : reply.text);
      said.push(JSON.stringify([...reply.headers]));
      return reply;
    },

    /** @param {FaultTarget} target @param {Fault} fault */
    fault: (target, fault) => standIn.sandbox.faults.set(target, fault),
    mend: () => standIn.sandbox.faults.clear(),
    /** @param {number} minutes */
    later: (minutes) => pass(standIn, [url], minutes),

    /** What was sent to another host than the account's; all that workerd sends arrives at the stand-in. */
    elsewhere: () =>
      standIn.sandbox.requests.filter(({ host }) => host !== new URL(standIn.sandbox.origin("acme")).host),

    /** No answer, event or log line so far has a secret in it. */
    async assertSilent() {
      await eventually(() => worker.said().includes("connection.created"));
      const secrets = [
        ...Object.values(SECRETS),
        SEALING_KEY.toString("base64url"),
        ...standIn.grants.flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken ?? accessToken]),
      ];
      const all = [...said, worker.said()].join("\n");
      for (const secret of secrets) assert.ok(!all.includes(secret), "a secret was said");
    },

    async close() {
      await worker.kill();
      await standIn.sandbox.close();
      folder.remove();
    },
  };
  return here;
}

/** What workerd logs takes a moment to arrive. @param {() => boolean} holds */
async function eventually(holds) {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 200, "it was never logged");
    await sleep(20);
  }
}

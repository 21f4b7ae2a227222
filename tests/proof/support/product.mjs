import assert from "node:assert/strict";
import { ADMIN_KEY, configuration, form, HAND_OFF } from "../../edge/support.mjs";

/**
 * @typedef {import("./stand-in.mjs").StandIn} StandIn
 * @typedef {{ status: number, headers: Headers, text: string, json: any }} Reply
 * @typedef {{ id: string, user: number, subject: string }} Connected
 */

/**
 * What a worker is started with.
 *
 * @param {StandIn} standIn
 * @param {Omit<import("../runtimes/service.mjs").Settings, "edge" | "ahead">} more
 * @returns {import("../runtimes/service.mjs").Settings}
 */
export function settings({ sandbox, clock }, more) {
  const { store: _, ...edge } = configuration();
  return { edge: { ...edge, accountTemplate: sandbox.accountTemplate }, ahead: clock.ahead, ...more };
}

/**
 * @param {string} url of a worker
 * @param {string} method
 * @param {string} path
 * @param {{ bearer?: string, json?: unknown, milliseconds?: number }} [asking]
 * @returns {Promise<Reply>}
 */
export async function call(url, method, path, { bearer = ADMIN_KEY, json, milliseconds = 80_000 } = {}) {
  const answer = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${bearer}`, ...(json !== undefined && { "content-type": "application/json" }) },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    signal: AbortSignal.timeout(milliseconds),
  });
  const text = await answer.text();
  const isJson = /json/.test(answer.headers.get("content-type") ?? "");
  return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

/** Moves the clocks of the stand-in and of workers. @param {StandIn} standIn @param {string[]} urls @param {number} minutes */
export async function pass({ clock }, urls, minutes) {
  clock.ahead += minutes * 60_000;
  await Promise.all(urls.map((url) => call(url, "GET", `/test/clock?ahead=${clock.ahead}`)));
}

/** @param {string} url @param {string} id */
export const credentials = (url, id) => call(url, "GET", `/connections/${id}/credentials`);

/** A connection as its tenant's admin sees it. @param {string} url @param {string} id */
export async function shown(url, id) {
  return (await call(url, "GET", `/connections/${id}`, { bearer: await session(url, { role: "admin" }) })).json;
}

/**
 * An integration that users authorize by the hand-off.
 *
 * @param {string} url
 */
export async function allowUsers(url) {
  const bearer = await session(url, { role: "admin" });
  const { json: profile } = await call(url, "POST", "/profiles", { bearer, json: form() });
  const chosen = { authorization: "oauth-custom", access: "allow-users", profile: profile.id };
  assert.equal((await call(url, "PUT", "/integration", { bearer, json: chosen })).status, 200);
  assert.equal((await call(url, "POST", "/integration/enable", { bearer })).json.state, "enabled");
  return String(profile.id);
}

/**
 * A person authorizes; also once more, under the same id.
 *
 * @param {StandIn} standIn
 * @param {string} url
 * @param {string} profile
 * @param {{ subject: string, user: number }} person
 * @returns {Promise<Connected>}
 */
export async function connect(standIn, url, profile, { subject, user }) {
  const bearer = await session(url, { role: "user", subject });
  const json = { profile, ...standIn.consent(user), subdomain: "acme", redirectUri: HAND_OFF };
  const answer = await call(url, "POST", "/oauth/exchange", { bearer, json });
  assert.equal(answer.status, 201, answer.text);
  assert.equal(answer.json.user.id, user);
  return { id: answer.json.id, user, subject };
}

/** @param {string} url @param {{ role: "admin" | "user", subject?: string }} whose */
export async function session(url, whose) {
  const answer = await call(url, "POST", "/sessions", { json: whose });
  assert.equal(answer.status, 201, answer.text);
  return String(answer.json.session);
}

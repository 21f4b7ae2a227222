import assert from "node:assert/strict";
import { createEdge } from "zendesk-auth/edge";
import { calls, interleaved, spread } from "./rounds.mjs";
import { adminKey, publicUrl, redirectUri, service } from "./service.mjs";

const together = 1000;
const day = 86_400_000;

/**
 * `GET /connections/{id}/credentials` in this process, Zendesk being a function that answers at once: with a token that is
 * good still, with one that has to be refreshed for each call, and by 1,000 callers at once on one that has expired, of
 * whom Zendesk may hear once. Microseconds, for the thousand together milliseconds.
 * @param {number} rounds
 */
export async function refresh(rounds) {
  const { ask, clock, upstream, id } = await connected();
  const credentials = async () => {
    const answer = await ask("GET", `/connections/${id}/credentials`, adminKey);
    return answer.authorization;
  };
  assert.equal(await credentials(), await credentials());
  const before = upstream.refreshes;
  const each = await interleaved(
    {
      good: calls(credentials),
      refreshed: calls(() => {
        clock.now += day / 24;
        return credentials();
      }),
    },
    { rounds },
  );
  assert.ok(upstream.refreshes > before);
  const times = [];
  let asked = 0;
  for (let round = 0; round < rounds; round++) {
    clock.now += day / 24;
    const earlier = upstream.refreshes;
    const since = performance.now();
    const given = await Promise.all(Array.from({ length: together }, credentials));
    times.push(performance.now() - since);
    assert.equal(new Set(given).size, 1);
    asked = Math.max(asked, upstream.refreshes - earlier);
  }
  return { ...each, thousand_ms: spread(times), thousand_upstream: asked };
}

/** A connection, and a clock that is moved by hand. */
async function connected() {
  const { edge, clock, upstream } = service(createEdge);
  const ask = async (
    /** @type {string} */ method,
    /** @type {string} */ path,
    /** @type {string} */ bearer,
    /** @type {unknown} */ json = undefined,
  ) => {
    const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
    const body = json === undefined ? null : JSON.stringify(json);
    const answer = await edge.fetch(new Request(`${publicUrl}${path}`, { method, headers, body }));
    const given = /** @type {any} */ (await answer.json());
    assert.ok(answer.ok, `${method} ${path}: ${JSON.stringify(given)}`);
    return given;
  };
  const admin = (await ask("POST", "/sessions", adminKey, { role: "admin" })).session;
  const form = { name: "Acme", subdomain: "acme", clientId: "acme_custom", clientSecret: "a-secret", scope: "read" };
  const profile = (await ask("POST", "/profiles", admin, form)).id;
  const { id } = await ask("POST", "/oauth/exchange", admin, {
    profile,
    code: "0123456789abcdef",
    codeVerifier: "v".repeat(43),
    subdomain: "acme",
    redirectUri,
  });
  return { ask, clock, upstream, id };
}

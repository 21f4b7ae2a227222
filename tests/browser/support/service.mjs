import assert from "node:assert/strict";

/**
 * The service as a backend or a page calls it, besides what is on the screen.
 *
 * @param {import("./world.mjs").World} world
 */
export function serviceOf({ worker }) {
  /**
   * @param {string} method
   * @param {string} path
   * @param {string} bearer
   * @param {object} [body]
   * @returns {Promise<{ status: number, json: any }>}
   */
  async function call(method, path, bearer, body) {
    const answer = await fetch(worker.url + path, {
      method,
      headers: { authorization: `Bearer ${bearer}`, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, json: text === "" ? undefined : JSON.parse(text) };
  }

  /** @param {{ role: "admin" } | { role: "user", subject: string }} whose */
  async function session(whose) {
    const { status, json } = await call("POST", "/sessions", worker.adminKey, { tenant: "default", ...whose });
    assert.equal(status, 201);
    return /** @type {string} */ (json.session);
  }

  const admin = () => session({ role: "admin" });
  return {
    call,
    admin,
    user: (/** @type {string} */ subject) => session({ role: "user", subject }),
    async integration() {
      return (await call("GET", "/integration", await admin())).json;
    },
    /** OAuth - System for users, enabled: the shortest way to where links and users' pages work. */
    async openToUsers() {
      const bearer = await admin();
      const choice = { authorization: "oauth-system", access: "allow-users" };
      assert.equal((await call("PUT", "/integration", bearer, choice)).status, 200);
      assert.equal((await call("POST", "/integration/enable", bearer)).status, 200);
    },
    /** @param {object} body */
    async link(body) {
      const { status, json } = await call("POST", "/links", worker.adminKey, body);
      assert.equal(status, 201, JSON.stringify(json));
      return json;
    },
  };
}

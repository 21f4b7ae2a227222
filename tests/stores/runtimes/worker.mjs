import { conformance } from "zendesk-auth/stores/conformance";
import { durableObjectStore } from "zendesk-auth/stores/durable-object";
import { sqlStore } from "zendesk-auth/stores/sql";

export { StoreObject } from "zendesk-auth/stores/durable-object";

/**
 * One test of the suite for each request, as workerd bounds what a request may do.
 * @type {Record<string, (env: any) => import("zendesk-auth/stores/conformance").ConformanceTest[]>}
 */
const suites = {
  "durable-object": ({ STORE }) =>
    conformance(() => durableObjectStore(STORE), { makeUnreachable: () => durableObjectStore(unreachable(STORE)) }),
  d1: ({ DB }) => conformance(() => sqlStore(DB), { makeUnreachable: () => sqlStore({ prepare: broken }) }),
};

/** The objects of a namespace whose requests break off. */
function unreachable(/** @type {any} */ namespace) {
  return {
    idFromName: (/** @type {string} */ name) => namespace.idFromName(name),
    idFromString: (/** @type {string} */ id) => namespace.idFromString(id),
    get: () => ({ fetch: () => Promise.reject(new Error("the object was reset")) }),
  };
}

/** A statement of D1 that breaks off. */
function broken() {
  return { bind: () => ({ all: () => Promise.reject(new Error("D1_ERROR: the network connection was lost")) }) };
}

/**
 * One call of the store of Durable Objects, or (`ask`) of one of its objects.
 * @param {any} env
 * @param {any} body
 */
async function call({ STORE }, { method, args, object }) {
  if (method !== "ask") return (await /** @type {any} */ (durableObjectStore(STORE))[method](...args)) ?? null;
  const body = JSON.stringify(args[0]);
  return (await STORE.get(STORE.idFromName(object)).fetch("https://store/", { method: "POST", body })).json();
}

export default {
  async fetch(/** @type {Request} */ request, /** @type {any} */ env) {
    const url = new URL(request.url);
    if (url.pathname === "/call") return Response.json(await call(env, await request.json()));
    const tests = suites[url.pathname.slice(1)]?.(env) ?? [];
    const chosen = tests[Number(url.searchParams.get("test") ?? -1)];
    if (!chosen) return Response.json(tests.map(({ name }) => name));
    const error = await chosen.run().then(
      () => undefined,
      (thrown) => String(thrown),
    );
    return Response.json({ name: chosen.name, error });
  },
};

import { createEdge } from "zendesk-auth/edge";
import { spoiled } from "./spoiled.mjs";

/**
 * @typedef {object} Settings of a worker under test; everything that is not JSON is made where it runs
 * @property {Omit<import("zendesk-auth/edge").EdgeConfig, "store">} edge
 * @property {number} ahead milliseconds by which its clock is ahead of the machine's
 * @property {{ kind: "redis" | "sqlite" | "deno-kv" | "durable-object", at: string, pause?: number, isBlind?: boolean }} store
 * @property {number} [services] that many workers on one store, in one workerd
 * @property {{ registry: string, isGuest: boolean }} [shared] a folder by which workerds find each other; the objects are those
 *   of the one that is no guest
 */

/**
 * The edge as a product has it, and a few calls beside it for the test: a clock that moves, how many calls for credentials have
 * begun here, and the product's own code.
 *
 * @param {Settings} settings
 * @param {Pick<import("zendesk-auth/edge").EdgeConfig, "store" | "fetch" | "onEvent">} means
 */
export function makeService(settings, means) {
  let { ahead } = settings;
  let begun = 0;
  const store = spoiled(means.store, settings.store);
  const edge = createEdge({ ...settings.edge, ...means, store, now: () => Date.now() + ahead });

  /** @param {URL} url @param {import("zendesk-auth/edge").EdgeContext} [context] */
  async function own({ searchParams }, context) {
    const count = Number(searchParams.get("count"));
    begun += count;
    const connection = edge.connection(searchParams.get("id") ?? "", context && { context });
    return Promise.all(Array.from({ length: count }, () => connection.credentials()));
  }

  return async (/** @type {Request} */ request, /** @type {import("zendesk-auth/edge").EdgeContext} */ context) => {
    const url = new URL(request.url);
    switch (url.pathname) {
      case "/test/clock":
        ahead = Number(url.searchParams.get("ahead"));
        return Response.json(ahead);
      case "/test/begun":
        return Response.json(begun);
      case "/test/own":
        return Response.json(await own(url, context));
      case "/test/follow":
        return Response.json({ status: (await fetch(url.searchParams.get("url") ?? "")).status });
    }
    if (url.pathname.endsWith("/credentials")) begun++;
    return edge.fetch(request, context);
  };
}

// Runs in workerd.
import { durableObjectStore } from "zendesk-auth/stores/durable-object";
import { executeOn } from "./measure.mjs";

export { StoreObject } from "zendesk-auth/stores/durable-object";

export default {
  async fetch(/** @type {Request} */ request, /** @type {any} */ env) {
    const calls = /** @type {import("./measure.mjs").Call[]} */ (await request.json());
    return Response.json(await executeOn(durableObjectStore(env.STORE))(calls));
  },
};

// Runs in workerd.
import { durableObjectStore } from "zendesk-auth/stores/durable-object";
import { makeService } from "./service.mjs";

export { StoreObject } from "zendesk-auth/stores/durable-object";

/** @type {ReturnType<typeof makeService> | undefined} */
let service;
export default {
  fetch(/** @type {Request} */ request, /** @type {any} */ env, /** @type {any} */ context) {
    service ??= makeService(JSON.parse(env.SETTINGS), {
      store: durableObjectStore(env.STORE),
      onEvent: (event) => console.error(JSON.stringify(event)),
    });
    return service(request, context);
  },
};

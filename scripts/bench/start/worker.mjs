// Runs in workerd.
import { beginAuthorization } from "zendesk-auth";
import { options } from "./options.mjs";

export default {
  async fetch(/** @type {Request} */ request) {
    const count = Number(new URL(request.url).searchParams.get("count"));
    let length = 0;
    for (let i = 0; i < count; i++) length += beginAuthorization(options).authorizationUrl.length;
    return new Response(String(length));
  },
};

// workerd: one test for each request, as it bounds what a request may do.
import browser from "zendesk-auth/zendesk_auth.wasm";
import edge from "zendesk-auth/zendesk_auth_edge.wasm";
import { worldAt } from "../service.mjs";
import { runTest, suite } from "../suite.mjs";

export default {
  /** @param {Request} request */
  async fetch(request) {
    const { url, index } = /** @type {{ url: string, index: number }} */ (await request.json());
    const test = suite[index];
    if (!test) return Response.json(suite.length);
    return Response.json(await runTest(test, await worldAt(url, true, { browser, edge })));
  },
};

// The edge runtime of Vercel and Next. `?module` is how its builders are asked for a compiled module.
// @ts-expect-error only these builders know it
import browser from "zendesk-auth/zendesk_auth.wasm?module";
// @ts-expect-error the same
import edge from "zendesk-auth/zendesk_auth_edge.wasm?module";
import { worldAt } from "../service.mjs";
import { runAll } from "../suite.mjs";

addEventListener("fetch", (event) => {
  const { request, respondWith } = /** @type {any} */ (event);
  respondWith.call(event, answer(request));
});

/** @param {Request} request */
async function answer(request) {
  return Response.json(await runAll(await worldAt(await request.text(), true, { browser, edge })));
}

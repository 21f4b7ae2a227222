// What page, module worker and service worker of a browser have in common.
import { worldAt } from "../service.mjs";
import { runAll } from "../suite.mjs";

/** @param {string} file */
const compiled = (file) => WebAssembly.compileStreaming(fetch(`/package/${file}`));

export async function runHere() {
  const modules = { browser: await compiled("zendesk_auth.wasm"), edge: await compiled("zendesk_auth_edge.wasm") };
  return runAll(await worldAt(location.origin, false, modules));
}

// Runs in Chromium.
import { beginAuthorization } from "zendesk-auth";
import { calls } from "../rounds.mjs";

Object.assign(globalThis, {
  /** @param {import("zendesk-auth").AuthorizationOptions} options @param {number} ms */
  bench: (options, ms) => calls(() => beginAuthorization(options).authorizationUrl)(ms),
});

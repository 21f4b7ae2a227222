// What every app asks of `zendesk-auth`; copied into each as src/core.js.
import { beginAuthorization, createPkce, isZendeskAuthError, parseSubdomain } from "zendesk-auth";

/** The octets of RFC 7636 appendix B. */
const octets = [
  116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191, 240, 91,
  88, 5, 88, 83, 132, 141, 121,
];

export function core() {
  return withOctets(() => ({
    pkce: createPkce(),
    authorizationUrl: beginAuthorization({
      subdomain: "https://ACME.zendesk.com/agent/",
      clientId: "my_app",
      redirectUri: "https://app.example/callback",
      scope: "read write",
    }).authorizationUrl,
    refusal: refusal(() => parseSubdomain("https://help.acme.com/hc/en-us")),
  }));
}

/** @param {() => unknown} work */
function refusal(work) {
  try {
    return `accepted: ${work()}`;
  } catch (error) {
    return isZendeskAuthError(error) ? error.code : String(error);
  }
}

/**
 * @template T
 * @param {() => T} work
 * @returns {T}
 */
function withOctets(work) {
  const value = (/** @type {Uint8Array} */ buffer) => buffer.map((_, index) => octets[index % octets.length] ?? 0);
  const fill = (/** @type {Uint8Array} */ buffer) => {
    buffer.set(value(buffer));
    return buffer;
  };
  Object.defineProperty(globalThis.crypto, "getRandomValues", { value: fill, configurable: true });
  try {
    return work();
  } finally {
    // The prototype's own function shows again.
    Reflect.deleteProperty(globalThis.crypto, "getRandomValues");
  }
}

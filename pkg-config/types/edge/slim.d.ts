export * from "../edge.js";

/**
 * Starts the package with a compiled `zendesk-auth/zendesk_auth_edge.wasm`. Call it once, before anything else of this
 * entry; later calls do nothing.
 */
export function initSync(module: WebAssembly.Module): void;

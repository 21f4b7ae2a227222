// vue-tsc and svelte-check stand on TypeScript's JavaScript interface, which TypeScript 7 no longer has. Preloaded, this
// gives them version 6 under the name that they ask for; everything else here is checked by version 7.
const Module = /** @type {any} */ (require("node:module"));

const resolve = Module._resolveFilename;
Module._resolveFilename = (/** @type {string} */ request, /** @type {unknown[]} */ ...more) =>
  resolve(request.replace(/^typescript(?=$|\/)/, "@typescript/typescript6"), ...more);

import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync, constants as zlib } from "node:zlib";
import { build } from "esbuild";
import { inRoot } from "../lib/paths.mjs";

/** @typedef {{ raw: number, gzip: number, brotli: number }} Size */

const peers = ["arctic", "oauth4webapi", "openid-client", "openid-client+valibot", "openid-client+zod"];

/** What the artifacts weigh, and what the peers do for a page's part of the same work. */
export async function measure() {
  const browser = await artifactSizes("zendesk-auth", "zendesk_auth.wasm");
  const inline = sizeOf(await bundle("zendesk-auth", []));
  const edge = await artifactSizes("zendesk-auth/edge", "zendesk_auth_edge.wasm");
  const component = sizeOf(readFileSync(inRoot("pkg-config", "dist", "connect.js")));
  const language = sizeOf(readFileSync(inRoot("pkg-config", "dist", "connect", "de.js")));
  /** @type {Record<string, Size>} */
  const ofPeers = {};
  for (const peer of peers) ofPeers[peer] = sizeOf(await bundle(inRoot("scripts", "size", "peers", `${peer}.mjs`), []));
  return { browser, inline: { total: inline }, edge, component: { total: component, language }, peers: ofPeers };
}

/**
 * The glue is what a bundler makes of the entry that imports the wasm as a file; the two travel apart.
 * @param {string} specifier
 * @param {string} wasmFile
 */
async function artifactSizes(specifier, wasmFile) {
  const wasm = sizeOf(readFileSync(inRoot("pkg-config", "dist", wasmFile)));
  const glue = sizeOf(await bundle(specifier, ["workerd"]));
  return { wasm, glue, total: sum(wasm, glue) };
}

/**
 * @param {string} specifier
 * @param {string[]} conditions
 */
async function bundle(specifier, conditions) {
  const result = await build({
    stdin: { contents: `export * from ${JSON.stringify(specifier)};`, resolveDir: inRoot() },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions,
    external: ["*.wasm"],
  });
  return Buffer.from(result.outputFiles[0]?.contents ?? "");
}

/** @param {Uint8Array} bytes @returns {Size} */
function sizeOf(bytes) {
  const params = { [zlib.BROTLI_PARAM_QUALITY]: 11, [zlib.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params }).length,
  };
}

/** @param {Size} a @param {Size} b @returns {Size} */
function sum(a, b) {
  return { raw: a.raw + b.raw, gzip: a.gzip + b.gzip, brotli: a.brotli + b.brotli };
}

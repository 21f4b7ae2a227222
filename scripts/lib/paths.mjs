import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** @param {...string} segments */
export const inRoot = (...segments) => join(root, ...segments);

export const dist = inRoot("pkg-config", "dist");
/** Where the wasm and its glue wait to be packed; under target/ so that a cached target/ keeps them. */
export const artifacts = inRoot("target", "npm");

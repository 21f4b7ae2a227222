import { inRoot } from "./paths.mjs";
import { run } from "./step.mjs";

const tool = (/** @type {string[]} */ ...path) => inRoot("node_modules", ...path);
const withTypeScript6 = ["--require", inRoot("scripts", "lib", "typescript-6.cjs")];

/** How each example's framework checks types. @type {Record<string, (folder: string) => string[]>} */
const checkers = {
  html: (folder) => [tool("typescript", "bin", "tsc"), "--project", folder],
  react: (folder) => [tool("typescript", "bin", "tsc"), "--project", folder],
  vue: (folder) => [...withTypeScript6, tool("vue-tsc", "bin", "vue-tsc.js"), "--project", folder],
  svelte: (folder) => [
    ...withTypeScript6,
    tool("svelte-check", "bin", "svelte-check"),
    ...["--workspace", folder, "--tsconfig", "./tsconfig.json", "--output", "machine", "--fail-on-warnings"],
  ],
};

/**
 * @param {string} name of an example
 * @param {string} [folder] where it is
 */
export function checkExample(name, folder = inRoot("examples", name)) {
  const arguments_ = checkers[name]?.(folder) ?? [];
  return run(process.execPath, arguments_);
}

export async function checkExamples() {
  for (const name of Object.keys(checkers)) await checkExample(name);
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build, transform } from "esbuild";
import { artifacts, dist, inRoot } from "../scripts/lib/paths.mjs";
import { Problem } from "../scripts/lib/step.mjs";
import { withMap } from "./maps.mjs";

const source = inRoot("pkg-config", "src");
const messages = inRoot("messages");
/** What the component says; the rest of the catalogues is the hosted pages'. */
const said = /^(?:form|field|option|choice|access|state|basic|date|error|ui)\.|^page\.close$/;

export const languages = readdirSync(messages)
  .filter((name) => name.endsWith(".json"))
  .map((name) => basename(name, ".json"));

/**
 * All texts of a language. In the sources, what the hosted pages say lies apart: only that is in the edge artifact.
 * @param {string} language
 * @returns {Record<string, string>}
 */
export function textsOf(language) {
  const paths = [join(messages, `${language}.json`), join(messages, "pages", `${language}.json`)];
  return Object.assign({}, ...paths.map((path) => JSON.parse(readFileSync(path, "utf8"))));
}

/**
 * `zendesk-auth/connect`: the web component with Lit and English in it, and each other language in a file of its own that
 * it imports when a page needs it.
 * @param {string[]} target
 * @returns {Promise<[string, string][]>} file names and sources
 */
export async function buildComponent(target) {
  const bundle = async (/** @type {string} */ path, /** @type {string} */ entry, /** @type {string[]} */ inject) => {
    const result = await build({
      entryPoints: [entry],
      outfile: join(dist, path),
      bundle: true,
      write: false,
      minify: true,
      // A language is data: there is no source to lead to.
      sourcemap: entry.startsWith("#") ? false : "external",
      format: "esm",
      platform: "browser",
      target,
      // A module is read as UTF-8 wherever it comes from.
      charset: "utf8",
      legalComments: "eof",
      inject,
      plugins: [partsOfThePackage],
    });
    return withMap(path, result);
  };
  const others = languages.filter((language) => language !== "en");
  const made = await Promise.all([
    bundle("connect.js", join(source, "connect.ts"), [join(source, "connect", "dom.ts")]),
    bundle("connect.server.js", join(source, "connect.server.ts"), []),
    ...others.map((language) => bundle(`connect/${language}.js`, `#messages/${language}`, [])),
  ]);
  return made.flat();
}

/** @type {import("esbuild").Plugin} */
const partsOfThePackage = {
  name: "parts of the package",
  setup({ onResolve, onLoad }) {
    // The same file that `zendesk-auth` is in browsers: one copy of the WebAssembly on a page, without an import map of two.
    onResolve({ filter: /^zendesk-auth$/ }, () => ({ path: "./browser/entry.inline.js", external: true }));
    onResolve({ filter: /^#(?:messages\/|forms$)/ }, ({ path, kind }) =>
      kind === "dynamic-import"
        ? { path: `./connect/${basename(path)}.js`, external: true }
        : { path, namespace: "made" },
    );
    onLoad({ filter: /^#messages\//, namespace: "made" }, ({ path }) => {
      const texts = Object.entries(textsOf(basename(path))).filter(([key]) => said.test(key));
      return { contents: `export default ${JSON.stringify(Object.fromEntries(texts))}`, loader: "js" };
    });
    onLoad({ filter: /^#forms$/, namespace: "made" }, () => ({ contents: JSON.stringify(forms()), loader: "json" }));
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** The forms without their words, which the catalogues have in every language. */
function forms() {
  const path = join(artifacts, "schema", "forms.json");
  if (!existsSync(path)) throw new Problem("the forms' schemas are missing; run `npm run build` for all parts");
  const described = JSON.parse(readFileSync(path, "utf8")).forms;
  return Object.fromEntries(
    described.map((/** @type {any} */ { name, fields }) => [
      name,
      fields.map((/** @type {any} */ { label: _, help: __, find: ___, secret: ____, options, ...field }) =>
        options === undefined
          ? field
          : { ...field, options: options.map((/** @type {{ value: string }} */ { value }) => value) },
      ),
    ]),
  );
}

import { basename } from "node:path";
import { build } from "esbuild";
import { textsOf } from "../../../pkg-config/component.mjs";
import { inRoot } from "../../../scripts/lib/paths.mjs";

/**
 * Parts of the web component that need no page.
 *
 * @param {string[]} names  of files in pkg-config/src/connect
 * @returns {Promise<any>}
 */
export async function componentLogic(names) {
  const { outputFiles } = await build({
    stdin: {
      contents: names.map((name) => `export * from "./${name}.ts";`).join("\n"),
      resolveDir: inRoot("pkg-config", "src", "connect"),
    },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    plugins: [
      {
        name: "texts",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^zendesk-auth$/ }, () => ({
            path: inRoot("pkg-config", "dist", "browser", "entry.inline.js"),
          }));
          onResolve({ filter: /^#messages\// }, ({ path }) => ({ path, namespace: "texts" }));
          onLoad({ filter: /.*/, namespace: "texts" }, ({ path }) => ({
            contents: JSON.stringify(textsOf(basename(path))),
            loader: "json",
          }));
        },
      },
    ],
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? "").toString("base64")}`);
}

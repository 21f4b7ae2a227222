import { dirname, isAbsolute, join, relative } from "node:path";
import { dist, root } from "../scripts/lib/paths.mjs";
import { Problem } from "../scripts/lib/step.mjs";

/**
 * What esbuild made of one entry: the code, and its source map where there is one. The sources are in the map and named
 * as they are in the repository, because a published package has neither them nor this machine's folders.
 * @param {string} path of the code in the package
 * @param {import("esbuild").BuildResult} result
 * @returns {[string, string][]} paths and contents
 */
export function withMap(path, { outputFiles = [] }) {
  const code = outputFiles.find((file) => file.path.endsWith(".js"))?.text;
  const map = outputFiles.find((file) => file.path.endsWith(".map"))?.text;
  if (code === undefined) throw new Problem("esbuild wrote nothing");
  if (map === undefined) return [[path, code]];
  const { sources, ...rest } = JSON.parse(map);
  const named = sources.map((/** @type {string} */ source) => {
    // `made:` and `<stdin>` are texts of the build's own.
    if (/^\w+:|^<|\/<stdin>$/.test(source)) return source.replace(/^.*\/</, "<");
    const inRepository = relative(root, isAbsolute(source) ? source : join(dist, dirname(path), source));
    if (inRepository.startsWith(".."))
      throw new Problem(`${path} has a source outside the repository: ${inRepository}`);
    return inRepository;
  });
  const name = `${path.split("/").at(-1)}.map`;
  return [
    [path, `${code}//# sourceMappingURL=${name}\n`],
    [`${path}.map`, JSON.stringify({ ...rest, sources: named })],
  ];
}

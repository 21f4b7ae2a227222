import { existsSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { build } from "esbuild";
import { artifacts, dist, inRoot, root } from "../scripts/lib/paths.mjs";
import { filesUnder, unlessDone, writeIfChanged } from "../scripts/lib/stamp.mjs";
import { Problem, run } from "../scripts/lib/step.mjs";
import { buildComponent, languages, textsOf } from "./component.mjs";
import { entries } from "./entries.mjs";
import { withMap } from "./maps.mjs";
import { artifactFiles } from "./wasm.mjs";

/** @typedef {import("./wasm.mjs").Artifact} Artifact */

const source = inRoot("pkg-config", "src");
const types = join(artifacts, "types");
const oldest = ["chrome114", "safari16.4", "firefox115", "node20.19"];
const papers = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

export async function pack() {
  /** @type {Map<string, string | Uint8Array>} */
  const files = new Map();
  for (const paper of papers) {
    if (existsSync(inRoot(paper))) files.set(paper, readFileSync(inRoot(paper)));
  }
  files.set("package.json", await manifest());
  await addArtifact(files, {
    artifact: "browser",
    specifier: "zendesk-auth",
    main: "index.ts",
    wasm: "zendesk_auth.wasm",
  });
  await addArtifact(files, {
    artifact: "edge",
    specifier: "zendesk-auth/edge",
    main: "edge.ts",
    wasm: "zendesk_auth_edge.wasm",
  });
  await addStores(files);
  await addTypes(files);
  for (const language of languages) {
    files.set(`messages/${language}.json`, `${JSON.stringify(textsOf(language), null, 2)}\n`);
  }
  files.set("cli.js", readFileSync(inRoot("pkg-config", "cli.mjs")));
  files.set("openapi.json", readFileSync(inRoot("src", "edge", "openapi.json")));
  await addSchemas(files);
  for (const [path, code] of await buildComponent(oldest)) files.set(path, code);

  for (const [path, content] of files) writeIfChanged(join(dist, path), content);
  for (const file of filesUnder(dist)) if (!files.has(relative(dist, file))) rmSync(file);
}

/** The version and the repository are the crate's: two places to change them would be one too many. */
async function manifest() {
  const metadata = JSON.parse(await run("cargo", ["metadata", "--locked", "--no-deps", "--format-version", "1"]));
  const crate = metadata.packages.find((/** @type {{ name: string }} */ each) => each.name === "zendesk-auth");
  const { name, ...template } = JSON.parse(readFileSync(inRoot("pkg-config", "manifest.json"), "utf8"));
  // npm attests where a package was built only if it names its repository.
  const repository = crate.repository ? { type: "git", url: `git+${crate.repository}.git` } : undefined;
  return `${JSON.stringify({ name, version: crate.version, ...template, repository }, null, 2)}\n`;
}

/**
 * @param {Map<string, string | Uint8Array>} files
 * @param {{ artifact: Artifact, specifier: string, main: string, wasm: string }} what
 */
async function addArtifact(files, { artifact, specifier, main, wasm }) {
  const made = artifactFiles(artifact);
  const entryPoint = join(source, main);
  const boot = artifact === "browser" ? join(source, "host.ts") : made.boot;
  for (const needed of [entryPoint, made.wasm, boot]) {
    if (!existsSync(needed))
      throw new Problem(`${relative(root, needed)} is missing; run \`npm run build\` for all parts`);
  }
  const glue = `${artifact}/glue.js`;
  const { made: bundled, names } = await bundle(
    glue,
    `export * from ${JSON.stringify(entryPoint)}; export { boot, before, isBooted } from ${JSON.stringify(boot)};`,
    { "#edge-wasm": made.glue, "#browser-codes": made.codes },
  );
  const bytes = readFileSync(made.wasm);
  addAll(files, bundled);
  files.set(wasm, bytes);
  const exported = names.filter((name) => !["boot", "before", "isBooted"].includes(name));
  for (const [name, text] of Object.entries(entries({ specifier, names: exported, wasm: `../${wasm}`, bytes }))) {
    const small = await build({ stdin: { contents: text }, write: false, minify: true, format: "esm", target: oldest });
    files.set(`${artifact}/${name}`, small.outputFiles[0]?.text ?? "");
  }
}

/** @param {Map<string, string | Uint8Array>} files */
async function addStores(files) {
  for (const file of filesUnder(join(source, "stores"))) {
    const { made } = await bundle(`stores/${basename(file, ".ts")}.js`, `export * from ${JSON.stringify(file)};`, {});
    addAll(files, made);
  }
}

/** @param {Map<string, string | Uint8Array>} files */
async function addTypes(files) {
  rmSync(types, { recursive: true, force: true });
  await run(process.execPath, [
    inRoot("node_modules", "typescript", "bin", "tsc"),
    "-p",
    "pkg-config",
    "--noEmit",
    "false",
    "--outDir",
    types,
  ]);
  const published = [
    "index.d.ts",
    "edge.d.ts",
    "connect.d.ts",
    ...filesUnder(join(types, "stores")).map((file) => relative(types, file)),
  ];
  const waiting = published.filter((path) => existsSync(join(types, path)));
  for (const path of waiting) {
    const text = readFileSync(join(types, path), "utf8");
    if (/["']#/.test(text)) throw new Problem(`${path} names a module that only the build knows`);
    files.set(path, text);
    for (const [, from] of text.matchAll(/["'](\.[^"']*)\.js["']/g)) {
      const next = join(dirname(path), `${from}.d.ts`);
      if (!waiting.includes(next)) waiting.push(next);
    }
  }
  const written = inRoot("pkg-config", "types");
  for (const file of filesUnder(written)) files.set(relative(written, file), readFileSync(file));
}

/**
 * The forms are defined in Rust, so the crate writes their schemas.
 * @param {Map<string, string | Uint8Array>} files
 */
async function addSchemas(files) {
  const folder = join(artifacts, "schema");
  const inputs = ["src", "examples", "Cargo.toml", "Cargo.lock", "rust-toolchain.toml"].map((path) => inRoot(path));
  await unlessDone(join(artifacts, "schema.stamp"), { inputs, outputs: [join(folder, "forms.json")] }, async () => {
    rmSync(folder, { recursive: true, force: true });
    await run("cargo", ["run", "--locked", "--quiet", "--features", "edge", "--example", "export", "--", folder]);
  });
  for (const file of filesUnder(folder)) files.set(`schema/${basename(file)}`, readFileSync(file));
}

/**
 * @param {string} path in the package
 * @param {string} contents
 * @param {Record<string, string>} alias
 */
async function bundle(path, contents, alias) {
  const result = await build({
    stdin: { contents, resolveDir: source, loader: "ts" },
    outfile: join(dist, path),
    bundle: true,
    write: false,
    minify: true,
    sourcemap: "external",
    format: "esm",
    platform: "neutral",
    target: oldest,
    metafile: true,
    legalComments: "none",
    alias,
  });
  const names = Object.values(result.metafile.outputs).flatMap((output) => output.exports);
  return { made: withMap(path, result), names };
}

/**
 * @param {Map<string, string | Uint8Array>} files
 * @param {[string, string][]} made
 */
function addAll(files, made) {
  for (const [path, text] of made) files.set(path, text);
}

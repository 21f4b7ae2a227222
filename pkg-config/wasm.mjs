import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { artifacts, inRoot, root } from "../scripts/lib/paths.mjs";
import { filesUnder, unlessDone, writeIfChanged } from "../scripts/lib/stamp.mjs";
import { Problem, run, say } from "../scripts/lib/step.mjs";
import { orderFunctions } from "./order.mjs";
import { takeRoundConstants } from "./round-constants.mjs";

/** @typedef {"browser" | "edge"} Artifact */

const target = "wasm32-unknown-unknown";
const crate = "zendesk_auth";
/** wasm-bindgen names the module it imports from after the glue file. */
const glueModule = `./${crate}_bg.js`;
const features = { browser: [], edge: ["--features", "edge"] };
/**
 * The browser artifact never recurses: a small stack, which lies below the statics and so traps when it overflows, makes
 * each address of a static a byte shorter.
 */
const rustFlags = {
  browser: [
    "-Clink-arg=-zstack-size=6144",
    // Found by trying, too: what is handed over by address where it is a function is not where it is none.
    "-Cllvm-args=-inline-threshold=200",
    // The second page is the memory of calls.
    "-Clink-arg=--initial-memory=131072",
    // Without reference types, which it does not use, wasm-bindgen adds no table of them.
    "-Clink-arg=--no-check-features",
    "-Clink-arg=--features=bulk-memory,bulk-memory-opt,multivalue,mutable-globals,nontrapping-fptoint,sign-ext",
  ],
  // Stack and statics in as few pages as they need: shorter addresses, and 0.75 MB less for each isolate.
  edge: ["-Clink-arg=-zstack-size=262144"],
};

/**
 * The browser's target: one that returns slices and other pairs in two values, where `wasm32-unknown-unknown` writes them to
 * memory and reads them again: almost a tenth of the artifact. Engines have had it since 2020 (Chrome 85, Firefox 78, Safari
 * 13.1), but no target that Rust knows by name does, so its library is compiled with it.
 */
const multivalue = {
  name: "wasm32-multivalue",
  args: [
    ...["-Zbuild-std=core,alloc", "-Zjson-target-spec"],
    // Compiled as Rust's own is: for size, its small functions would not be inlined.
    ...["core", "alloc", "compiler_builtins"].flatMap((name) => optLevel(name, "3")),
    // The edge hashes much, a page one verifier at a time.
    ...optLevel("sha2", '"s"'),
  ],
  // Inlined before LLVM sees them, small functions come out smaller.
  rustFlags: ["--cfg", 'sha2_backend_soft="compact"', "-Zinline-mir=yes"],
  env: { RUSTC_BOOTSTRAP: "1" },
};

/** @param {string} name @param {string} level */
function optLevel(name, level) {
  return ["--config", `profile.release.package.${name}.opt-level=${level}`];
}

/**
 * The edge's standard library is compiled with it and under the same flags, so that a panic is a trap and nothing else: its
 * text, which nobody could read, and what writes it were a tenth of the artifact. A release of Rust takes these options only
 * when asked to be its own bootstrap; the toolchain is pinned.
 */
const ownStd = {
  args: ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"],
  rustFlags: ["-Cpanic=immediate-abort", "-Zunstable-options", "-Zlocation-detail=none"],
  env: { RUSTC_BOOTSTRAP: "1" },
};
const rustsStd = { args: [], rustFlags: [], env: {} };

/** Found by trying: a function of one caller compresses better where it is, unless it is tiny; control flow made anew; rounds. */
const passes = {
  // Its stack begins far above the first kilobyte and grows by hundreds of bytes: no address within that is ever used.
  browser: [
    "--one-caller-inline-max-function-size=0",
    "--low-memory-unused",
    ...["-Oz", "-Oz", "--converge", "--reorder-functions"],
  ],
  edge: [
    "--one-caller-inline-max-function-size=30",
    // The end of the stack.
    "--low-memory-unused",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--converge",
  ],
};

/** @param {Artifact} artifact */
export function artifactFiles(artifact) {
  const folder = join(artifacts, artifact);
  return {
    folder,
    /** Of the edge: what wasm-bindgen made. */
    glue: join(folder, `${crate}_bg.js`),
    boot: join(folder, "boot.js"),
    types: join(folder, `${crate}.d.ts`),
    /** Of the browser: codes and messages of the errors, as a module. */
    codes: join(folder, "codes.js"),
    wasm: join(folder, `${crate}.wasm`),
    /** With function names, for `npm run size -- --why`. */
    named: join(folder, `${crate}.named.wasm`),
  };
}

export async function needTarget() {
  try {
    await run("cargo", ["--version"]);
  } catch {
    throw new Problem(
      "the build needs Rust, and `cargo` was not found. Install it, then run this again:\n\n" +
        "  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh",
    );
  }
  const libraries = (await run("rustc", ["--print", "target-libdir", "--target", target])).trim();
  if (hasFiles(libraries)) return;
  try {
    say(`  … installing the Rust target ${target}`);
    await run("rustup", ["target", "add", target]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem(
      `the build needs the Rust target ${target}. Install it, then run this again:\n\n  rustup target add ${target}\n\n(${why})`,
    );
  }
}

/** Whether the sources of Rust's standard library are there; the artifacts are smaller where they are. */
export async function hasStdSources() {
  const sysroot = (await run("rustc", ["--print", "sysroot"])).trim();
  return existsSync(join(sysroot, "lib", "rustlib", "src", "rust", "library", "Cargo.lock"));
}

export async function needStdSources() {
  if (await hasStdSources()) return;
  try {
    say("  … installing the sources of Rust's standard library");
    await run("rustup", ["component", "add", "rust-src"]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    say(
      `  the artifacts get a tenth larger than what is published: they are built with Rust's own standard library, because \`rustup component add rust-src\` failed (${why})`,
    );
  }
}

/** @param {string} folder */
function hasFiles(folder) {
  return filesUnder(folder).length > 0;
}

/** The generator runs on this machine and only for moments, so it is built fast rather than small. */
export async function buildBindgen() {
  await run("cargo", ["build", "--locked", "--package", "zendesk-auth-bindgen"]);
  return inRoot("target", "debug", process.platform === "win32" ? "zendesk-auth-bindgen.exe" : "zendesk-auth-bindgen");
}

/**
 * @param {Artifact} artifact
 * @param {string} bindgen
 */
export async function buildArtifact(artifact, bindgen) {
  const files = artifactFiles(artifact);
  mkdirSync(files.folder, { recursive: true });
  const built = join(files.folder, "cargo.wasm");
  // Cargo knows best what changed.
  // A RUSTFLAGS of the caller's would replace the flags of .cargo/config.toml, and with them the sizes.
  const std = !(await hasStdSources()) ? rustsStd : artifact === "edge" ? ownStd : multivalue;
  const env = { RUSTFLAGS: undefined, CARGO_ENCODED_RUSTFLAGS: undefined, ...std.env };
  const triple = std === multivalue ? multivalue.name : target;
  // Cargo keeps one set of flags in a folder: in one for both, each artifact would throw away what the other compiled.
  const folder = inRoot("target", "artifacts", artifact);
  const args = ["build", "--locked", "--release", "--lib", "--package", "zendesk-auth"];
  args.push("--target", std === multivalue ? await multivalueTarget(files.folder) : target);
  const flags = configOf(triple, [...rustFlags[artifact], ...std.rustFlags]);
  const own = ["--target-dir", folder, "--config", flags, ...features[artifact], ...std.args];
  await run("cargo", [...args, ...own], { env });
  copyFileSync(join(folder, triple, "release", `${crate}.wasm`), built);

  await unlessDone(
    join(files.folder, "stamp"),
    {
      inputs: [
        built,
        bindgen,
        ...["wasm.mjs", "order.mjs", "round-constants.mjs"].map((name) => inRoot("pkg-config", name)),
      ],
      outputs: [
        files.wasm,
        files.named,
        ...(artifact === "browser" ? [files.codes] : [files.glue, files.boot, files.types]),
      ],
    },
    async () => {
      if (artifact === "browser") {
        await run(bindgen, [files.folder]);
        writeFileSync(files.named, await onlyCall(readFileSync(built)));
      } else {
        await run(bindgen, [built, files.folder, crate]);
        rmSync(join(files.folder, `${crate}.js`));
        renameSync(join(files.folder, `${crate}_bg.wasm`), files.named);
      }
      const names = await optimize(artifact, files.named, files.wasm);
      if (artifact === "browser") return takeRoundConstants(files);
      const glue = readFileSync(files.glue, "utf8");
      writeFileSync(
        files.glue,
        glue.replace(hashed, (name) => names.get(name) ?? name),
      );
      const module = await WebAssembly.compile(readFileSync(files.wasm));
      writeFileSync(files.boot, boot(module, readFileSync(files.glue, "utf8")));
    },
  );
}

/**
 * `wasm32-unknown-unknown` with the one difference, as a file for cargo.
 * @param {string} folder
 */
async function multivalueTarget(folder) {
  const print = ["-Zunstable-options", "--print", "target-spec-json", "--target", target];
  const { metadata: _, ...spec } = JSON.parse(await run("rustc", print, { env: multivalue.env }));
  const file = join(folder, `${multivalue.name}.json`);
  writeIfChanged(file, JSON.stringify({ ...spec, features: "+multivalue", "llvm-abiname": "experimental-mv" }));
  return file;
}

/**
 * Panics carry the paths of sources; those of this machine are nobody's business, and differ on the next.
 * @param {string} triple
 * @param {string[]} rustFlags
 */
function configOf(triple, rustFlags) {
  const sources = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry", "src");
  const registries = existsSync(sources) ? readdirSync(sources) : [];
  const flags = [root, ...registries.map((name) => join(sources, name))].map((path) => `--remap-path-prefix=${path}/=`);
  return `target.${triple}.rustflags=${JSON.stringify([...flags, ...rustFlags])}`;
}

/** What wasm-bindgen calls an import: its name, and a digest that compresses to nothing less than itself. */
const hashed = /\b__wbg_\w+_[0-9a-f]{16}\b/g;

/**
 * The features come from the binary itself: `--all-features` makes modules that no engine loads.
 * @param {Artifact} artifact
 * @param {string} from
 * @param {string} to
 * @returns {Promise<Map<string, string>>} new names of imports
 */
async function optimize(artifact, from, to) {
  const wasmOpt = inRoot("node_modules", "binaryen", "bin", "wasm-opt");
  const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];
  /** @param {string[]} args */
  const opt = (...args) => run(process.execPath, [wasmOpt, ...args]);
  /** @type {Map<string, string>} */
  const names = new Map();
  if (artifact === "browser") {
    await opt(from, ...passes[artifact], ...strip, "-o", to);
    return names;
  }
  const text = `${to}.wat`;
  const said = await opt(from, ...passes[artifact], "--print-features", "-g", "-S", "-o", text);
  const features = said.split(/\s+/).filter((each) => each.startsWith("--enable-"));
  const ordered = orderFunctions(readFileSync(text, "utf8")).replace(/(?<=^ \(import "[^"]*" ")[^"]*/gm, (name) => {
    if (!name.match(hashed)) return name;
    names.set(name, `i${names.size}`);
    return names.get(name) ?? name;
  });
  writeFileSync(text, ordered);
  await opt(text, ...features, ...strip, "-o", to);
  rmSync(text);
  return names;
}

/**
 * The browser's wasm without what rustc exports on its own account. What `runtime.rs` and `host.ts` rely on is checked: nothing
 * is imported, and stack and statics end with the first page.
 * @param {Uint8Array<ArrayBuffer>} built
 */
async function onlyCall(built) {
  const { default: binaryen } = await import("binaryen");
  const { instance, module } = await WebAssembly.instantiate(built, {});
  const { __heap_base: end } = /** @type {{ __heap_base?: WebAssembly.Global }} */ (instance.exports);
  if (!(end?.value <= 65536)) throw new Problem(`the browser's statics end at ${end?.value}, behind the first page`);
  binaryen.setDebugInfo(true);
  const wasm = binaryen.readBinary(built);
  for (const { name } of WebAssembly.Module.exports(module)) {
    if (!["call", "memory"].includes(name)) wasm.removeExport(name);
  }
  return wasm.emitBinary();
}

/**
 * wasm-bindgen's own loader imports the wasm as an ES module, which few hosts can; this one takes a compiled module
 * from anywhere, another realm included. What it relies on is not a promise of wasm-bindgen's, hence the checks.
 * @param {WebAssembly.Module} module
 * @param {string} glue
 */
function boot(module, glue) {
  const imports = WebAssembly.Module.imports(module);
  const strays = imports.filter(
    (each) => each.module !== glueModule || !glue.includes(`export function ${each.name}(`),
  );
  if (strays.length > 0) {
    throw new Problem(
      `the wasm imports what the glue does not offer: ${strays.map((each) => `${each.module} ${each.name}`).join(", ")}`,
    );
  }
  const start = WebAssembly.Module.exports(module).some((each) => each.name === "__wbindgen_start");
  // A table of references has to be filled before the first call.
  const table = imports.some((each) => each.name === "__wbindgen_init_externref_table");
  if (start !== table || !glue.includes("export function __wbg_set_wasm(")) {
    throw new Problem(
      "this wasm-bindgen's glue has no `__wbg_set_wasm`, or starts in another way; see the boot in pkg-config/wasm.mjs",
    );
  }
  const names = imports.map((each) => each.name).sort();
  return [
    `import { ${["__wbg_set_wasm", ...names].join(", ")} } from ${JSON.stringify(glueModule)};`,
    "let booted = false;",
    "export const isBooted = () => booted;",
    "export function boot(module) {",
    `  const { exports } = new WebAssembly.Instance(module, { ${JSON.stringify(glueModule)}: { ${names.join(", ")} } });`,
    "  __wbg_set_wasm(exports);",
    ...(start ? ["  exports.__wbindgen_start();"] : []),
    "  booted = true;",
    "}",
    `export { __wbg_set_wasm as before } from ${JSON.stringify(glueModule)};`,
    "",
  ].join("\n");
}

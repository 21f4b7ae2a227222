/**
 * Bytes as visible characters that compressors still see bytes in: one for most, two for the others, where base64 hides every
 * repetition that is not three bytes apart. Almost two kilobytes less, gzipped. Without `"`, `\\` and `<`, which a script
 * or a page around it might have to escape.
 * @param {Uint8Array} bytes
 */
function visible(bytes) {
  const letters = Array.from({ length: 87 }, (_, at) => String.fromCharCode(35 + at)).filter(
    (letter) => !"<\\".includes(letter),
  );
  return Array.from(bytes, (byte) => {
    const [page, at] = [Math.floor(byte / 85), byte % 85];
    return (page ? String.fromCharCode(121 + page) : "") + letters[at];
  }).join("");
}

/** @param {Uint8Array} bytes */
const decodeVisible = (bytes) => `
  const text = "${visible(bytes)}", bytes = new Uint8Array(${bytes.length});
  for (let i = 0, at = 0, page = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 121) page = (code - 121) * 85;
    else {
      bytes[at++] = page + code - 35 - (code > 60) - (code > 92);
      page = 0;
    }
  }`;

/** For what is too long to go through letter by letter where a worker starts. @param {Uint8Array} bytes */
const decodeBase64 = (bytes) => `
  const text = atob("${Buffer.from(bytes).toString("base64")}");
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);`;

/**
 * The ways a host gets at the compiled module. Each boots while it is imported: workerd lets bytes be compiled only
 * then, and nobody has to call an `init`. Public names are listed one by one, so that the boot stays private.
 * @param {{ specifier: string, names: string[], wasm: string, bytes: Uint8Array }} artifact
 * @returns {Record<string, string>} file name to source
 */
export function entries({ specifier, names, wasm, bytes }) {
  const publish = `export { ${names.join(", ")} } from "./glue.js";`;
  const start = 'import { boot } from "./glue.js";';
  const decode = bytes.length < 100_000 ? decodeVisible : decodeBase64;
  return {
    "entry.workerd.js": `import module from "${wasm}"; ${start} boot(module); ${publish}`,
    "entry.edge-light.js": `import module from "${wasm}?module"; ${start} boot(module); ${publish}`,
    "entry.inline.js": `
      ${start}
      ${decode(bytes)}
      boot(new WebAssembly.Module(bytes));
      ${publish}`,
    // The glue is shared with the default entry, which may have started it already, or may yet.
    "entry.slim.js": `
      import { boot, before, isBooted } from "./glue.js";
      if (!isBooted()) before(new Proxy({}, {
        get() { throw new Error("${specifier}/slim was used before \`initSync(module)\` was called"); },
      }));
      export function initSync(module) {
        if (!isBooted()) boot(module);
      }
      ${publish}`,
  };
}

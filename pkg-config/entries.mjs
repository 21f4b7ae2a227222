/**
 * The ways a host gets at the compiled module. Each boots while it is imported: workerd lets bytes be compiled only
 * then, and nobody has to call an `init`. Public names are listed one by one, so that the boot stays private.
 * @param {{ specifier: string, names: string[], wasm: string, bytes: Uint8Array }} artifact
 * @returns {Record<string, string>} file name to source
 */
export function entries({ specifier, names, wasm, bytes }) {
  const publish = `export { ${names.join(", ")} } from "./glue.js";`;
  const start = 'import { boot } from "./glue.js";';
  const base64 = Buffer.from(bytes).toString("base64");
  return {
    "entry.workerd.js": `import module from "${wasm}"; ${start} boot(module); ${publish}`,
    "entry.edge-light.js": `import module from "${wasm}?module"; ${start} boot(module); ${publish}`,
    "entry.inline.js": `
      ${start}
      const text = atob("${base64}");
      const bytes = new Uint8Array(text.length);
      for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
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

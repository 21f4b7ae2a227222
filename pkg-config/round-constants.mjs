import { readFileSync, writeFileSync } from "node:fs";
import { Problem } from "../scripts/lib/step.mjs";

/**
 * SHA-256's 64 round constants (FIPS 180-4 section 4.2.2) cannot be compressed: 284 bytes of the artifact. They are the first 32
 * bits behind the point of the cube roots of the first primes, and so the script makes them again in a line (`host.ts`). Here
 * they are taken out of the wasm, which has them from the `sha2` crate: a build of which another 256 bytes would be missing fails.
 * @param {{ wasm: string, codes: string }} files
 */
export async function takeRoundConstants({ wasm, codes }) {
  const bytes = readFileSync(wasm);
  const constants = Buffer.from(roundConstants().buffer);
  const { instance } = await WebAssembly.instantiate(bytes, {});
  const { memory } = /** @type {{ memory: WebAssembly.Memory }} */ (instance.exports);
  const place = bytes.indexOf(constants);
  const address = Buffer.from(memory.buffer).indexOf(constants);
  if (place < 0 || address < 0 || address % 4 > 0 || bytes.indexOf(constants, place + 1) >= 0) {
    throw new Problem(
      "the browser's wasm does not hold SHA-256's round constants once: see pkg-config/round-constants.mjs",
    );
  }
  writeFileSync(wasm, bytes.fill(0, place, place + constants.length));
  writeFileSync(codes, `export const roundConstants = ${address};\n`, { flag: "a" });
}

function roundConstants() {
  const constants = new Uint32Array(64);
  for (let count = 0, number = 2; count < 64; number++) {
    let divisor = number;
    while (number % --divisor);
    if (divisor === 1) constants[count++] = Math.cbrt(number) * 2 ** 32;
  }
  return constants;
}

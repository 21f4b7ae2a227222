import codes, { roundConstants } from "#browser-codes";
import { ZendeskAuthError } from "./error.js";

// The artifact's other side (src/wasm/browser.rs). Fields are separated by U+001F; in what comes from outside it becomes
// U+0000, which the core refuses as any other control character.
const SEPARATOR = "\u001f";
/** As in src/wasm/runtime.rs: where the memory of calls begins, behind a page that is the wasm's own. */
const START = 65536;
const MAX_INPUT = 1 << 20;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Code and message of each error, one after the other, in the order of the core's numbers. */
const problems = codes.split("|");
/** The option that an error is about, by the first word of its code. A bare `field_…` comes from `clientId` alone. */
const options: Record<string, string> = {
  subdomain: "subdomain",
  account: "accountTemplate",
  redirect: "redirectUri",
  scope: "scope",
  field: "clientId",
};

interface Exports {
  memory: WebAssembly.Memory;
  /** `times` are `now`, `createdAt` and `maxAge`, where the operation needs them. */
  call(operation: number, size: number, ...times: number[]): number;
}

let wasm: Exports;
/** The memory of calls. */
let view: Uint8Array<ArrayBuffer>;

/** Takes what throws where the memory would be used before there is one. */
export function before(trap: object): void {
  view = trap as typeof view;
}

export function isBooted(): boolean {
  return Boolean(wasm);
}

export function boot(module: WebAssembly.Module): void {
  wasm = new WebAssembly.Instance(module).exports as unknown as Exports;
  look();
  // What pkg-config/round-constants.mjs took out. Cube roots may be wrong in the last of 53 bits; it takes 6,000 times that.
  const constants = new DataView(wasm.memory.buffer, roundConstants, 256);
  for (let at = 0, number = 2; at < 256; number++) {
    let divisor = number;
    while (number % --divisor);
    if (divisor === 1) {
      constants.setUint32(at, Math.cbrt(number) * 2 ** 32, true);
      at += 4;
    }
  }
}

function look(): void {
  view = new Uint8Array(wasm.memory.buffer as ArrayBuffer, START);
}

function need(bytes: number): void {
  const missing = bytes - view.length;
  if (missing > 0) {
    wasm.memory.grow(Math.ceil(missing / START));
    look();
  }
}

const pool = new Uint8Array(4096);
let used = pool.length;
let drawnAt: number;

/**
 * Writes random bytes. A draw costs the same for 64 bytes as for 4096, so that they are drawn ahead, wiped as they are used, and
 * not used after a second: a machine that is copied meanwhile must not use the same ones as its copy.
 */
function putRandom(at: number, count: number): void {
  const now = Date.now();
  let end = used + count;
  if (end > pool.length || Math.abs(now - drawnAt) > 1000) {
    crypto.getRandomValues(pool);
    used = 0;
    end = count;
    drawnAt = now;
  }
  const drawn = pool.subarray(used, end);
  view.set(drawn, at);
  drawn.fill(0);
  used = end;
}

/** Code and message of the core's error number, counted from 0. */
export function problem(number: number): { code: string; message: string } {
  return { code: problems[number * 2] as string, message: problems[number * 2 + 1] as string };
}

function clean(field: unknown): string {
  const text = String(field ?? "");
  // Most have none, and to look first is three times as fast.
  return text.includes(SEPARATOR) ? text.replaceAll(SEPARATOR, "\0") : text;
}

/** Does one operation, with `random` bytes of chance: the fields of its answer, or its error thrown. */
export function ask(operation: number, fields: unknown[], random = 0, ...times: number[]): string[] {
  const record = fields.map(clean).join(SEPARATOR);
  // A character takes up to three bytes.
  let size = record.length;
  if (size < MAX_INPUT) {
    need(size * 3);
    size = encoder.encodeInto(record, view).written + random;
    // As much as in_wiped_memory takes.
    need(size * 17 + 4096);
  }
  if (size >= MAX_INPUT) {
    view.fill(0);
    throw new ZendeskAuthError("input_too_long", "this is longer than 1 MiB");
  }
  if (random) putRandom(size - random, random);
  const outcome = wasm.call(operation, size, ...times);
  const end = size + (outcome >>> 8);
  const answered = decoder.decode(view.subarray(size, end)).split(SEPARATOR);
  // Random bytes, what was asked and what was answered.
  view.fill(0, 0, end);
  const status = outcome & 255;
  if (!status) return answered;
  const [error, errorDescription] = answered;
  const { code, message } = problem(status - 1);
  throw new ZendeskAuthError(code, error ? `${message} (\`${error}\`)` : message, {
    field: options[code.split("_")[0] as string],
    error,
    errorDescription,
  });
}

/** An answer cut into rows of `width` fields. */
export const rows = (answer: string[], width: number): string[][] =>
  answer.flatMap((_, at) => (++at % width ? [] : [answer.slice(at - width, at)]));

import codes from "#browser-codes";
import { call } from "#browser-wasm";
import { ZendeskAuthError } from "./error.js";

// The artifact's other side (src/wasm/browser.rs). Fields are separated by U+001F; in what comes from outside it becomes
// U+0000, which the core refuses as any other control character.
const SEPARATOR = "\u001f";
/** As in src/wasm/runtime.rs. */
const MAX_INPUT = 1 << 20;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Code and message of each error, in the order of the core's numbers. */
const problems = codes.split("\n");
/** The option that an error is about, by the first word of its code. A bare `field_…` comes from `clientId` alone. */
const options: Record<string, string> = {
  subdomain: "subdomain",
  account: "accountTemplate",
  redirect: "redirectUri",
  scope: "scope",
  field: "clientId",
};

let input: Uint8Array;
let answer: string;

export function read(buffer: Uint8Array<ArrayBuffer>): void {
  buffer.set(input);
  crypto.getRandomValues(buffer.subarray(input.length));
}

export function write(bytes: Uint8Array): void {
  answer = decoder.decode(bytes);
}

/** Code and message of the core's error number, counted from 0. */
export function problem(number: number): { code: string; message: string } {
  const [code, ...words] = (problems[number] as string).split(" ");
  return { code: code as string, message: words.join(" ") };
}

/** Does one operation, with `random` bytes of chance: the fields of its answer, or its error thrown. */
export function ask(operation: number, fields: unknown[], random = 0, now = 0, createdAt = 0, maxAge = 0): string[] {
  const record = fields.map((field) => String(field ?? "").replaceAll(SEPARATOR, "\0")).join(SEPARATOR);
  input = encoder.encode(operation + record);
  const size = input.length + random;
  if (size > MAX_INPUT) throw new ZendeskAuthError("input_too_long", "the input is longer than 1 MiB");
  const status = call(size, now, createdAt, maxAge);
  const answered = answer.split(SEPARATOR);
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
  Array.from({ length: answer.length / width }, (_, row) => answer.slice(row * width, (row + 1) * width));

/** The largest body that is read, from anyone, in bytes. */
export const maxBody = 65536;

/** Why there is no answer. */
export type FetchTrouble = { trouble: "timeout" | "too-large" | "unreachable"; message: string };

/** Anything can be thrown, also what has no text. */
export function messageOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown).slice(0, 200);
  } catch {
    return "";
  }
}

/** WebAssembly reads a text by its length and characters, and traps on anything else. */
export function textOrNothing(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

/** `Retry-After` in seconds, also where it is a date: by the answer's own clock, where that is told. */
export function retryAfter(headers: Headers, now: number): string | undefined {
  const said = textOrNothing(headers.get("retry-after"))?.trim();
  if (said && /^\d+$/.test(said)) return String(Math.min(Number(said), 0xffff_ffff));
  if (!said?.endsWith("GMT")) return undefined;
  const seconds = (Date.parse(said) - (Date.parse(headers.get("date") ?? "") || now)) / 1000;
  return seconds < 0xffff_ffff ? String(Math.max(0, Math.ceil(seconds))) : undefined;
}

/** Headers cross the boundary as one text, which none of them can have a line break in: names and values in turn. */
export function lines(headers: Iterable<[string, string]>): string {
  return [...headers].flat().join("\n");
}

/** Reads what `lines` writes. */
export function pairs(lines: string): [string, string][] {
  const parts = lines.split("\n");
  const read: [string, string][] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) read.push([parts[at] as string, parts[at + 1] as string]);
  return read;
}

/** Headers as runtimes read them fastest: as an object, unless a name comes twice. */
export function headersInit(lines: string): Record<string, string> | [string, string][] {
  const read = pairs(lines);
  const init = Object.fromEntries(read);
  return Object.keys(init).length === read.length ? init : read;
}

/** The whole body, or undefined as soon as it is longer than the limit. */
export async function readBody(source: Request | Response, limit: number): Promise<Uint8Array | undefined> {
  const { headers } = source;
  // HTTP holds a sender to the length it announces, so that nothing has to be counted, unless it is that of what is unpacked
  // on the way. In workerd, chunk by chunk took a third of a callback's time; and to look at `body` makes a stream.
  const announced = headers.get("content-length");
  const isAnnounced = typeof announced === "string" && /^\d+$/.test(announced) && Number(announced) <= limit;
  if (isAnnounced && !headers.has("content-encoding") && !headers.has("transfer-encoding")) {
    const bytes = new Uint8Array(await source.arrayBuffer());
    return bytes.byteLength > limit ? undefined : bytes;
  }
  const reader = source.body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!ArrayBuffer.isView(value)) throw new TypeError("the body is not a stream of bytes");
    length += value.byteLength;
    if (length > limit) {
      // Not awaited: a source that never acknowledges must not hold the answer up.
      reader.cancel().catch(() => {});
      return undefined;
    }
    chunks.push(value);
  }
  return joined(chunks, length);
}

/** The chunks as one. */
export function joined(chunks: Uint8Array[], length: number): Uint8Array {
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

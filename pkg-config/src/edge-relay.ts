import { type FetchTrouble, joined, lines, maxBody, messageOf } from "./edge-io.js";
import type { EdgeConfig } from "./edge-types.js";

/** From one part of a request to the next, and from the last to the first of its answer, in milliseconds: some calls of Zendesk's take their time. */
const patience = 60_000;
/** These take no body, not even an empty one. */
const bodiless = [204, 205, 304];

type Body = Uint8Array | ReadableStream<Uint8Array> | undefined;

/** Sends a request on and its answer back, as they come; where to and with which headers is the service's to say. */
export class Relay {
  readonly #config: EdgeConfig;
  readonly #request: Request | undefined;
  #body: { of: Body } | undefined;
  #answer: Response | undefined;
  #head: { status: number; headers: [string, string][] } | undefined;

  constructor(config: EdgeConfig, request: Request | undefined) {
    this.#config = config;
    this.#request = request;
  }

  get requestHeaders(): string {
    return lines(this.#request?.headers ?? []);
  }

  /** Whether the body, if there is one, is at hand still. */
  get canForwardAgain(): boolean {
    return !(this.#body?.of instanceof ReadableStream);
  }

  async forward(url: string, headers: [string, string][]): Promise<{ status: number; headers: string } | FetchTrouble> {
    this.abandon();
    const abort = new AbortController();
    const { expired, goOn, end } = waiting(abort);
    const gone = () => abort.abort();
    this.#request?.signal?.addEventListener("abort", gone);
    try {
      this.#body ??= { of: await begun(this.#request?.body ?? null) };
      const init = {
        method: this.#request?.method ?? "GET",
        headers,
        redirect: "manual",
        signal: abort.signal,
        ...withBody(this.#body.of, goOn),
      } as RequestInit;
      const send = this.#config.fetch ?? globalThis.fetch;
      const answer = await Promise.race([send(url, init), expired]);
      this.#answer = answer;
      const status = answer.type === "opaqueredirect" ? 302 : answer.status;
      return { status, headers: lines(answer.headers) };
    } catch (thrown) {
      return { trouble: abort.signal.aborted ? "timeout" : "unreachable", message: messageOf(thrown) };
    } finally {
      end();
    }
  }

  passBack(status: number, headers: [string, string][]): void {
    this.#head = { status, headers };
  }

  /** Lets go of an answer that is not passed back. */
  abandon(): void {
    this.#answer?.body?.cancel().catch(() => {});
    this.#answer = undefined;
  }

  /** The answer to pass back; what the service adds to each of its answers replaces what Zendesk said. */
  response(added: Headers): Response | undefined {
    if (!this.#head || !this.#answer) return undefined;
    const { status } = this.#head;
    const headers = new Headers(this.#head.headers);
    for (const [name, value] of added) headers.set(name, value);
    const isEmpty = bodiless.includes(status) || this.#request?.method === "HEAD";
    if (isEmpty) this.abandon();
    return new Response(isEmpty ? null : (this.#answer?.body ?? null), { status, headers });
  }
}

/** What fits into the limit is kept, so that it can be sent once more; anything longer goes through as it comes. */
async function begun(stream: ReadableStream<Uint8Array> | null): Promise<Body> {
  if (!stream) return undefined;
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length <= maxBody) {
    const { done, value } = await reader.read();
    if (done) return joined(chunks, length);
    chunks.push(value);
    length += value.byteLength;
  }
  return new ReadableStream({
    async pull(controller) {
      const chunk = chunks.shift() ?? (await reader.read()).value;
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** The body for `fetch`; `moved` is called now, and whenever some of it has been taken. */
function withBody(body: Body, moved: () => void): object {
  moved();
  if (body instanceof ReadableStream) {
    const watched = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        controller.enqueue(chunk);
        moved();
      },
      flush: moved,
    });
    return { body: body.pipeThrough(watched), duplex: "half" };
  }
  return body && body.byteLength > 0 ? { body } : {};
}

/** An expiry whose time begins anew whenever something goes on, until the end of it all. */
function waiting(abort: AbortController): { expired: Promise<never>; goOn: () => void; end: () => void } {
  let timer: unknown;
  let isOver = false;
  let reject: (reason: Error) => void = () => {};
  const expired = new Promise<never>((_, refuse) => {
    reject = refuse;
  });
  expired.catch(() => {});
  const goOn = () => {
    clearTimeout(timer as number);
    // An answer may come before all of the body has gone, and must not be cut off for it.
    if (isOver) return;
    timer = setTimeout(() => {
      abort.abort();
      reject(new Error("no answer in time"));
    }, patience);
  };
  const end = () => {
    isOver = true;
    clearTimeout(timer as number);
  };
  return { expired, goOn, end };
}

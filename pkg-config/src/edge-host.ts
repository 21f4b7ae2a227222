import { fail, settle, settleListing } from "#edge-wasm";
import { Deadlines } from "./edge-deadlines.js";
import {
  type FetchTrouble,
  headersInit,
  maxBody,
  messageOf,
  pairs,
  readBody,
  retryAfter,
  textOrNothing,
} from "./edge-io.js";
import { Relay } from "./edge-relay.js";
import type { EdgeConfig, EdgeContext, EdgeEvent, StoredValue } from "./edge-types.js";

/** One call to Zendesk, its answer's body included, in milliseconds. */
const patience = 10_000;

type FetchAnswer = { status: number; retryAfter: string | undefined; body: Uint8Array } | FetchTrouble;

/**
 * The runtime as the service sees it, for one request: workerd binds what a request began to that request. What takes its
 * time is begun under the numbers of a task and a call, and settled under them.
 */
export class Host {
  readonly #config: EdgeConfig;
  readonly #request: Request | undefined;
  readonly #context: EdgeContext | undefined;
  readonly #deadlines: Deadlines = new Deadlines(patience);
  #resolve: (answer: unknown) => void = () => {};
  #reject: (why: unknown) => void = () => {};
  /** What the service was called for: a response or a text. */
  readonly answer: Promise<unknown>;
  /** Events that wait in the store to be sent once the answer is out. */
  readonly parcels: string[] = [];
  /** What passes through without being read. */
  readonly relay: Relay;
  /** Whether the request comes from the product's own code and not over the network. */
  readonly isTrusted: boolean;
  /** Whether anyone wants to hear of events. */
  readonly isHeard: boolean;

  constructor(config: EdgeConfig, request: Request | undefined, context: EdgeContext | undefined, isTrusted = false) {
    this.#config = config;
    this.#request = request;
    this.#context = context;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Where the service trapped at once, nobody may listen.
    this.answer.catch(() => {});
    this.relay = new Relay(config, request);
    this.isTrusted = isTrusted;
    this.isHeard = config.onEvent !== undefined;
  }

  finish(answer: unknown): void {
    this.#deadlines.end();
    this.#resolve(answer);
  }

  giveUp(why: unknown): void {
    this.#deadlines.end();
    this.#reject(why);
  }

  /** Tells the service what came of some work. Nothing that is thrown gets lost: where the service traps, nobody waits on. */
  async #settle<T>(task: number, call: number, work: () => Promise<T>, tell: (value: T) => void): Promise<void> {
    try {
      let value: T;
      try {
        value = await work();
      } catch (thrown) {
        // What a user's store throws goes to the operator as a text; the service answers with a code.
        return fail(task, call, "", messageOf(thrown));
      }
      tell(value);
    } catch (thrown) {
      this.giveUp(thrown);
    }
  }

  requestHeaders(): string {
    return this.relay.requestHeaders;
  }

  forward(task: number, call: number, url: string, headers: string): void {
    const work = () => this.relay.forward(url, pairs(headers));
    this.#settle(task, call, work, (head) => {
      if ("trouble" in head) fail(task, call, head.trouble, head.message);
      else settle(task, call, head.status, head.headers);
    });
  }

  get canForwardAgain(): boolean {
    return this.relay.canForwardAgain;
  }

  passBack(status: number, headers: string): void {
    this.relay.passBack(status, pairs(headers));
  }

  headers(headers: string): ReturnType<typeof headersInit> {
    return headersInit(headers);
  }

  /** What the hook says, as JSON; undefined for nobody. */
  authenticate(task: number, call: number): void {
    const work = async () => {
      const { authenticate } = this.#config;
      const caller = this.#request && (await authenticate?.(this.#request));
      // What is there but undefined is told: a tenant that was not filled in must not count as left out.
      return caller == null ? undefined : JSON.stringify(caller, (_, value: unknown) => value ?? null);
    };
    this.#settle(task, call, work, (said) => settle(task, call, 0, said));
  }

  now(): number {
    return Number((this.#config.now ?? Date.now)());
  }

  wait(task: number, call: number, milliseconds: number): void {
    const work = () => new Promise((resolve) => setTimeout(resolve, milliseconds));
    this.#settle(task, call, work, () => settle(task, call, 0));
  }

  emit(event: EdgeEvent): void {
    const { onEvent } = this.#config;
    if (!onEvent) return;
    const told = Promise.resolve(event)
      .then(onEvent)
      .catch(() => {});
    try {
      this.#context?.waitUntil?.(told);
    } catch {
      // A request that is over already takes no more work; the hook was called all the same.
    }
  }

  deliverLater(key: string): void {
    this.parcels.push(key);
  }

  fetch(task: number, call: number, method: string, url: string, headers: string, body: string | undefined): void {
    const work = () => this.#send(method, url, headers, body);
    this.#settle(task, call, work, (answer) => {
      if ("trouble" in answer) fail(task, call, answer.trouble, answer.message);
      else settle(task, call, answer.status, answer.retryAfter, undefined, answer.body);
    });
  }

  async #send(method: string, url: string, headers: string, body: string | undefined): Promise<FetchAnswer> {
    const abort = new AbortController();
    let end = () => {};
    const expired = new Promise<never>((_, reject) => {
      end = this.#deadlines.begin(() => {
        abort.abort();
        reject(new Error("no answer in time"));
      });
    });
    try {
      // Called as a plain function: workerd's fetch refuses another `this`.
      const send = this.#config.fetch ?? globalThis.fetch;
      const init: RequestInit = {
        method,
        headers: headersInit(headers),
        redirect: "manual",
        signal: abort.signal,
      };
      if (body !== undefined) init.body = body;
      // A fetch of the user's own may ignore the signal; nobody waits longer for that.
      const response = await Promise.race([send(url, init), expired]);
      // Browsers hide a redirect's status; the service refuses it by any.
      const status = response.type === "opaqueredirect" ? 302 : response.status;
      const bytes = await Promise.race([readBody(response, maxBody), expired]);
      if (!bytes) return { trouble: "too-large", message: "" };
      return { status, retryAfter: retryAfter(response.headers, this.now()), body: bytes };
    } catch (thrown) {
      return { trouble: abort.signal.aborted ? "timeout" : "unreachable", message: messageOf(thrown) };
    } finally {
      end();
    }
  }

  get(task: number, call: number, key: string): void {
    const work = async () => {
      const stored = await this.#config.store.get(key);
      return stored ? checked(stored) : undefined;
    };
    this.#settle(task, call, work, (stored) => settle(task, call, 0, stored?.value, stored?.version));
  }

  put(
    task: number,
    call: number,
    key: string,
    value: string,
    expected: string | undefined,
    expiresAt: number | undefined,
  ): void {
    const work = async () => {
      const options = { expectedVersion: expected ?? null, ...(expiresAt === undefined ? {} : { expiresAt }) };
      const version = await this.#config.store.put(key, value, options);
      if (version !== undefined && typeof version !== "string") throw new Error("the store's put returned no version");
      return version;
    };
    this.#settle(task, call, work, (version) => settle(task, call, 0, undefined, version));
  }

  remove(task: number, call: number, key: string, expected: string): void {
    const work = async () => (await this.#config.store.delete(key, { expectedVersion: expected })) === true;
    this.#settle(task, call, work, (isDeleted) => settle(task, call, isDeleted ? 1 : 0));
  }

  list(task: number, call: number, prefix: string, cursor: string | undefined, limit: number): void {
    const work = async () => {
      const page = await this.#config.store.list(prefix, cursor === undefined ? { limit } : { cursor, limit });
      const entries = page.entries.map((entry) => ({ key: String(entry.key), ...checked(entry) }));
      return { entries, cursor: textOrNothing(page.cursor) };
    };
    this.#settle(task, call, work, (listing) => settleListing(task, call, listing));
  }
}

function checked({ value, version }: StoredValue): StoredValue {
  if (typeof value !== "string" || typeof version !== "string") {
    throw new Error("the store returned a value or version that is not a string");
  }
  return { value, version };
}

import {
  expiry,
  type FetchTrouble,
  maxBody,
  messageOf,
  orText,
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

/** The runtime as the service sees it, for one request: workerd binds what a request began to that request. */
export class Host {
  readonly #config: EdgeConfig;
  readonly #request: Request | undefined;
  readonly #context: EdgeContext | undefined;
  /** Events that wait in the store to be sent once the answer is out. */
  readonly parcels: string[] = [];
  /** What passes through without being read. */
  readonly relay: Relay;
  /** Whether the request comes from the product's own code and not over the network. */
  readonly isTrusted: boolean;

  constructor(config: EdgeConfig, request: Request | undefined, context: EdgeContext | undefined, isTrusted = false) {
    this.#config = config;
    this.#request = request;
    this.#context = context;
    this.relay = new Relay(config, request);
    this.isTrusted = isTrusted;
  }

  requestHeaders(): string[] {
    return this.relay.requestHeaders;
  }

  forward(url: string, headers: string[]): ReturnType<Relay["forward"]> {
    return this.relay.forward(url, headers);
  }

  get canForwardAgain(): boolean {
    return this.relay.canForwardAgain;
  }

  passBack(status: number, headers: string[]): void {
    this.relay.passBack(status, headers);
  }

  /** What the hook says, as JSON; undefined for nobody. */
  async authenticate(): Promise<string | undefined> {
    return orText(async () => {
      const { authenticate } = this.#config;
      const caller = this.#request && (await authenticate?.(this.#request));
      // What is there but undefined is told: a tenant that was not filled in must not count as left out.
      return caller == null ? undefined : JSON.stringify(caller, (_, value: unknown) => value ?? null);
    });
  }

  now(): number {
    return Number((this.#config.now ?? Date.now)());
  }

  async wait(milliseconds: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  /** An event as JSON. */
  emit(event: string): void {
    const { onEvent } = this.#config;
    if (!onEvent) return;
    const told = Promise.resolve(JSON.parse(event) as EdgeEvent)
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

  async fetch(method: string, url: string, headers: string[], body: string | undefined): Promise<FetchAnswer> {
    const abort = new AbortController();
    const { expired, timer } = expiry(patience, abort);
    try {
      // Called as a plain function: workerd's fetch refuses another `this`.
      const send = this.#config.fetch ?? globalThis.fetch;
      const init: RequestInit = { method, headers: pairs(headers), redirect: "manual", signal: abort.signal };
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
      clearTimeout(timer as number);
    }
  }

  async get(key: string): Promise<Partial<StoredValue>> {
    return orText(async () => {
      const stored = await this.#config.store.get(key);
      return stored ? checked(stored) : {};
    });
  }

  async put(
    key: string,
    value: string,
    expected: string | undefined,
    expiresAt: number | undefined,
  ): Promise<string | undefined> {
    return orText(async () => {
      const options = { expectedVersion: expected ?? null, ...(expiresAt === undefined ? {} : { expiresAt }) };
      const version = await this.#config.store.put(key, value, options);
      if (version !== undefined && typeof version !== "string") throw new Error("the store's put returned no version");
      return version;
    });
  }

  async remove(key: string, expected: string): Promise<boolean> {
    return orText(async () => (await this.#config.store.delete(key, { expectedVersion: expected })) === true);
  }

  async list(prefix: string, cursor: string | undefined, limit: number): Promise<object> {
    return orText(async () => {
      const page = await this.#config.store.list(prefix, cursor === undefined ? { limit } : { cursor, limit });
      const entries = page.entries.map((entry) => ({ key: String(entry.key), ...checked(entry) }));
      return { entries, cursor: textOrNothing(page.cursor) };
    });
  }
}

function checked({ value, version }: StoredValue): StoredValue {
  if (typeof value !== "string" || typeof version !== "string") {
    throw new Error("the store returned a value or version that is not a string");
  }
  return { value, version };
}

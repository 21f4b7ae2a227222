import { TroubleError, trouble, troubleFromResponse } from "./trouble.js";
import type { BegunTransaction, Connection, Mode, Profile, Session, TransactionStatus } from "./types.js";

const ANSWER_WITHIN_MS = 45_000;

export interface ApiOptions {
  /** Where the worker is mounted, without a trailing slash. */
  baseUrl: string;
  /** Asks the embedding product for a connect session. */
  mintSession: () => Promise<Session>;
  fetch?: typeof fetch;
}

/** The worker's calls that a page needs, each with the session added and renewed once. */
export class Api {
  readonly #baseUrl: string;
  readonly #mintSession: () => Promise<Session>;
  readonly #send: typeof fetch;
  #session: Promise<Session> | undefined;
  #first: Session | undefined;

  constructor(options: ApiOptions) {
    this.#baseUrl = options.baseUrl;
    this.#mintSession = options.mintSession;
    this.#send = options.fetch ?? globalThis.fetch.bind(globalThis);
  }

  url(path: string): string {
    return `${this.#baseUrl}${path}`;
  }

  session(): Promise<Session> {
    this.#session ??= this.#mint().catch((failure: unknown) => {
      this.#session = undefined;
      throw failure;
    });
    return this.#session;
  }

  /** A page belongs to whom it was loaded for; a renewal for somebody else would mix the two. */
  async #mint(): Promise<Session> {
    const minted = await this.#mintSession();
    this.#first ??= minted;
    const { tenant, subject } = this.#first;
    if (minted.tenant !== tenant || minted.subject !== subject) throw trouble("session_invalid");
    return minted;
  }

  /** `fetch` with the session added; one renewal when the worker no longer takes it. */
  readonly fetch: typeof fetch = async (input, init) => {
    const first = await this.#authorized(input, init);
    if (first.status !== 401 || !(await refusedSession(first.clone()))) return first;
    this.#session = undefined;
    return this.#authorized(input, init);
  };

  saveProfile(body: Record<string, string>, id?: string, signal?: AbortSignal): Promise<Profile> {
    return id === undefined
      ? this.#call<Profile>("POST", "/profiles", body, signal)
      : this.#call<Profile>("PUT", `/profiles/${encodeURIComponent(id)}`, body, signal);
  }

  profiles(): Promise<Profile[]> {
    return this.#list<Profile>("profiles");
  }

  connections(): Promise<Connection[]> {
    return this.#list<Connection>("connections");
  }

  connection(id: string, signal?: AbortSignal): Promise<Connection> {
    return this.#call<Connection>("GET", `/connections/${encodeURIComponent(id)}`, undefined, signal);
  }

  begin(
    begin: { profile: string; mode: Mode; returnTo?: string; subdomain?: string },
    signal?: AbortSignal,
  ): Promise<BegunTransaction> {
    return this.#call<BegunTransaction>("POST", "/connections", begin, signal);
  }

  transaction(id: string, signal?: AbortSignal): Promise<TransactionStatus> {
    return this.#call<TransactionStatus>("GET", `/transactions/${encodeURIComponent(id)}`, undefined, signal);
  }

  async #list<T>(name: "profiles" | "connections"): Promise<T[]> {
    const all: T[] = [];
    let query = "";
    for (;;) {
      const page = await this.#call<Partial<Record<string, T[]>> & { cursor?: string }>("GET", `/${name}${query}`);
      all.push(...(page[name] ?? []));
      if (page.cursor === undefined) return all;
      query = `?cursor=${encodeURIComponent(page.cursor)}`;
    }
  }

  async #call<T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> {
    const limit = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const init: RequestInit = {
      method,
      headers: { accept: "application/json" },
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { ...init.headers, "content-type": "application/json" };
    }
    const response = await this.fetch(this.url(path), init);
    if (!response.ok) throw new TroubleError(await troubleFromResponse(response));
    return (await response.json()) as T;
  }

  async #authorized(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const { session } = await this.session();
    const headers = new Headers(init?.headers);
    headers.set("authorization", `Bearer ${session}`);
    return this.#send(input, { ...init, headers });
  }
}

/** A 401 of the exchange may also speak of the client; only the session's own is worth a new one. */
async function refusedSession(response: Response): Promise<boolean> {
  return (await troubleFromResponse(response)).code.startsWith("session_");
}

export async function mintConsoleSession(url: string): Promise<Session> {
  const response = await fetch(url, { method: "POST", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  if (!response.ok) throw new TroubleError(await troubleFromResponse(response));
  return (await response.json()) as Session;
}

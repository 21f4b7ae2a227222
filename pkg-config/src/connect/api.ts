import type { SessionSource } from "./public.js";
import { either } from "./signals.js";
import { TroubleError, trouble, troubleFromResponse } from "./trouble.js";
import type {
  Access,
  AuthorizationKind,
  BegunTransaction,
  Connection,
  Integration,
  Mode,
  Profile,
  Revoked,
  TransactionStatus,
  Whose,
} from "./types.js";

const ANSWER_WITHIN_MS = 45_000;
const LARGEST_PAGE = 200;
/** More than this many connections are not searched for the integration's own earlier ones. */
const MOST_PAGES = 5;

export interface ApiOptions {
  /** Where the worker is mounted, without a trailing slash. */
  worker: string;
  /** Asked each time, so that a newer source serves what is under way too. */
  session: () => SessionSource | undefined;
  fetch?: typeof fetch;
}

/** How an integration is chosen. */
export interface Choice {
  authorization: AuthorizationKind;
  access: Access;
  profile?: string | null;
  version?: number;
}

export type Begin = { mode: Mode; returnTo?: string } & (
  | { profile: string }
  | { authorization: "oauth-system"; subdomain: string }
);

/** The worker's calls that the component needs, each with the session added and renewed once. */
export class Api {
  readonly worker: string;
  readonly #source: () => SessionSource | undefined;
  readonly #send: typeof fetch;
  #session: Promise<string> | undefined;
  #whose: Whose | undefined;

  constructor(options: ApiOptions) {
    this.worker = options.worker;
    this.#source = options.session;
    this.#send = options.fetch ?? globalThis.fetch.bind(globalThis);
  }

  url(path: string): string {
    return `${this.worker}${path}`;
  }

  /** Whom the session is for; asked once. */
  async whose(): Promise<Whose> {
    this.#whose ??= await this.#call<Whose>("GET", "/session");
    return this.#whose;
  }

  /** `fetch` with the session added; one renewal when the worker no longer takes it. */
  readonly fetch: typeof fetch = async (input, init) => {
    const first = await this.#authorized(input, init);
    if (first.status !== 401 || typeof this.#source() !== "function") return first;
    if (!(await refusedSession(first.clone()))) return first;
    this.#session = undefined;
    await this.#demandSamePerson();
    return this.#authorized(input, init);
  };

  integration(): Promise<Integration> {
    return this.#call("GET", "/integration");
  }

  choose(choice: Choice): Promise<Integration> {
    return this.#call("PUT", "/integration", choice);
  }

  switch(isOn: boolean, version: number): Promise<Integration> {
    return this.#call("POST", `/integration/${isOn ? "enable" : "disable"}`, { version });
  }

  profiles(): Promise<Profile[]> {
    return this.#list<Profile>("profiles", Number.POSITIVE_INFINITY);
  }

  profile(id: string): Promise<Profile> {
    return this.#call("GET", `/profiles/${encodeURIComponent(id)}`);
  }

  saveProfile(body: object, id?: string): Promise<Profile> {
    return id === undefined
      ? this.#call("POST", "/profiles", body)
      : this.#call("PUT", `/profiles/${encodeURIComponent(id)}`, body);
  }

  duplicateProfile(id: string, name: string): Promise<Profile> {
    return this.#call("POST", `/profiles/${encodeURIComponent(id)}/duplicate`, { name });
  }

  removeProfile(id: string): Promise<undefined> {
    return this.#call("DELETE", `/profiles/${encodeURIComponent(id)}`);
  }

  connections(): Promise<Connection[]> {
    return this.#list<Connection>("connections", MOST_PAGES);
  }

  connection(id: string, signal?: AbortSignal): Promise<Connection> {
    return this.#call("GET", `/connections/${encodeURIComponent(id)}`, undefined, signal);
  }

  /** Basic: the values of the form, and its profile where there is one. */
  connectBasic(values: Record<string, string>, signal?: AbortSignal): Promise<Connection> {
    return this.#call("POST", "/connections", values, signal);
  }

  async disconnect(id: string): Promise<Revoked> {
    const { revoked } = await this.#call<{ revoked: Revoked }>("DELETE", `/connections/${encodeURIComponent(id)}`);
    return revoked;
  }

  begin(begin: Begin, signal?: AbortSignal): Promise<BegunTransaction> {
    return this.#call("POST", "/connections", begin, signal);
  }

  /** Begins to put an OAuth token in the place of a connection's API token. */
  migrate(
    id: string,
    { subdomain: _, ...begin }: Begin & { subdomain?: string },
    signal?: AbortSignal,
  ): Promise<BegunTransaction> {
    return this.#call("POST", `/connections/${encodeURIComponent(id)}/migrate`, begin, signal);
  }

  transaction(id: string, signal?: AbortSignal): Promise<TransactionStatus> {
    return this.#call("GET", `/transactions/${encodeURIComponent(id)}`, undefined, signal);
  }

  async #list<T>(name: "profiles" | "connections", mostPages: number): Promise<T[]> {
    const all: T[] = [];
    let query = `?limit=${LARGEST_PAGE}`;
    for (let pages = 1; ; pages += 1) {
      const page = await this.#call<Partial<Record<string, T[]>> & { cursor?: string }>("GET", `/${name}${query}`);
      all.push(...(page[name] ?? []));
      if (page.cursor === undefined || pages >= mostPages) return all;
      query = `?limit=${LARGEST_PAGE}&cursor=${encodeURIComponent(page.cursor)}`;
    }
  }

  async #call<T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> {
    const limit = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const init: RequestInit = {
      method,
      headers: { accept: "application/json" },
      signal: signal === undefined ? limit : either(signal, limit),
    };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { ...init.headers, "content-type": "application/json" };
    }
    const response = await this.fetch(this.url(path), init);
    if (!response.ok) throw new TroubleError(await troubleFromResponse(response));
    return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
  }

  async #authorized(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const headers = new Headers(init?.headers);
    const session = await this.#sessionNow();
    if (session !== undefined) headers.set("authorization", `Bearer ${session}`);
    // A worker-held transaction is bound to this browser by a cookie, also where the worker is on another origin.
    return this.#send(input, { ...init, headers, credentials: "include" });
  }

  async #sessionNow(): Promise<string | undefined> {
    const source = this.#source();
    if (typeof source !== "function") return source || undefined;
    this.#session ??= asked(source).catch((failure: unknown) => {
      this.#session = undefined;
      throw failure;
    });
    return this.#session;
  }

  /** A page belongs to whom it was loaded for; a renewal for somebody else would mix the two. */
  async #demandSamePerson(): Promise<void> {
    const first = this.#whose;
    if (first === undefined) return;
    const response = await this.#authorized(this.url("/session"), { headers: { accept: "application/json" } });
    if (!response.ok) throw new TroubleError(await troubleFromResponse(response));
    if (ownerOf((await response.json()) as Whose) !== ownerOf(first)) throw trouble("session_invalid");
  }
}

async function asked(source: () => string | Promise<string>): Promise<string> {
  try {
    return await source();
  } catch {
    throw trouble("session_unavailable");
  }
}

/** Whose connections a session makes: of an admin, the subject is only a note. */
export function ownerOf({ tenant, role, subject }: Whose): string {
  return JSON.stringify([tenant, role, role === "user" ? subject : null]);
}

/** A 401 of the exchange may also speak of the client; only the session's own is worth a new one. */
async function refusedSession(response: Response): Promise<boolean> {
  return (await troubleFromResponse(response)).code.startsWith("session_");
}

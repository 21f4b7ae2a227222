/** A stored text and the version that a later write names. */
export interface StoredValue {
  value: string;
  /** Opaque; differs after every write of that key, also after it was deleted and written anew. */
  version: string;
}

/** One page of a listing. */
export interface StorePage {
  /** At most `limit`; there may be fewer, even none, before the last page. */
  entries: ({ key: string } & StoredValue)[];
  /** Where the next page begins; absent after the last. */
  cursor?: string;
}

/**
 * Where the worker keeps what it sealed. Writes must be compare-and-set across all isolates and machines, and every call
 * must see what was acknowledged before it began; Workers KV can do neither. What has expired is gone, for every call.
 * Keys have up to 512 bytes of UTF-8, values up to 128 KiB. A call rejects when the store failed or cannot be reached.
 * `conformance` of `zendesk-auth/stores/conformance` checks all of this.
 */
export interface Store {
  get(key: string): Promise<StoredValue | undefined>;
  /** When it rejects, the value may or may not have been written. */
  put(
    key: string,
    value: string,
    options: {
      /** The version to replace; `null`: there must be no such key. */
      expectedVersion: string | null;
      /** When it expires, in milliseconds since 1970. Default: never, also where what it replaces would have expired. */
      expiresAt?: number;
    },
  ): Promise<string | undefined /* the new version; undefined: the key was at another version, nothing was written */>;
  /** Whether the key was at that version, and so is gone. */
  delete(key: string, options: { expectedVersion: string }): Promise<boolean>;
  /**
   * Keys that begin with `prefix`, letter by letter, in any fixed order, each once. A key that is there from the first
   * page to the last is listed, whatever is written meanwhile; one that was gone before is not.
   */
  list(
    prefix: string,
    options?: {
      /** Of the page before. May come from anybody: one that was made up lists nothing outside the prefix. */
      cursor?: string;
      /** 1 or more, 100 unless told. A store may have a lower limit of its own. */
      limit?: number;
    },
  ): Promise<StorePage>;
}

interface EventBase {
  /** RFC 3339. */
  at: string;
  /** Of events that webhooks may be told: the same if one is told again. */
  id?: string;
}

/** What happened, with ids only: never a secret, code or token. */
export type EdgeEvent =
  | (EventBase & { type: "session.created"; tenant: string; subject?: string; role: "admin" | "user" })
  | (EventBase & { type: "profile.saved"; tenant: string; profile: string })
  | (EventBase & { type: "profile.removed"; tenant: string; profile: string })
  | (EventBase & {
      type: "integration.enabled" | "integration.disabled" | "integration.changed";
      tenant: string;
      state: "unset" | "profile-missing" | "unverified" | "ready" | "enabled" | "reauthorization-required";
    })
  | (EventBase & {
      type: "connection.created";
      tenant: string;
      /** `integration`, or `user:` and the end user's subject. */
      subject: string;
      authorization: "basic" | "oauth-system" | "oauth-custom";
      profile?: string;
      transaction?: string;
      /** The authorization link that was followed. */
      link?: string;
      connection: string;
    })
  | (EventBase & {
      type: "connection.failed";
      tenant: string;
      subject: string;
      authorization: "basic" | "oauth-system" | "oauth-custom";
      profile?: string;
      transaction?: string;
      link?: string;
      code: string;
    })
  | (EventBase & {
      type: "link.created" | "link.opened" | "link.expired";
      tenant: string;
      subject: string;
      link: string;
    })
  | (EventBase & {
      type: "link.revoked";
      tenant: string;
      subject: string;
      link: string;
      /** `recipient`: whoever opened it said that it is not for them. */
      by: "sender" | "recipient";
    })
  | (EventBase & {
      type: "webhook.failed";
      /** The id and the type of the event that the receiver took in none of its attempts, and gets no more. */
      event: string;
      eventType: string;
      url: string;
      message: string;
    })
  | (EventBase & {
      type: "connection.removed";
      tenant: string;
      subject: string;
      connection: string;
      revoked: "confirmed" | "unconfirmed" | "not-applicable";
    })
  | (EventBase & {
      type: "connection.refreshed" | "connection.recovered" | "connection.migrated";
      tenant: string;
      subject: string;
      connection: string;
    })
  | (EventBase & {
      type: "connection.reauthorization-required" | "connection.account-not-found";
      tenant: string;
      subject: string;
      connection: string;
      /** What Zendesk said, such as `invalid_grant`. */
      code: string;
    })
  | (EventBase & {
      type: "platform.failed";
      operation: "store" | "fetch" | "random" | "authenticate";
      /** The message of what was thrown, at most 200 characters. For the operator's log. */
      message: string;
    });

/** Who is asking, as the embedding product knows them. */
export interface EdgeCaller {
  /** Default: `default`. A `backend` is for all tenants, and is refused where it comes with one. */
  tenant?: string;
  /** The end user's id; a `user` needs one. */
  subject?: string;
  role: "admin" | "user" | "backend";
  /** Whether an admin or user may call the Zendesk API through the proxy: GET and HEAD only, or all. Default: not at all. */
  proxy?: "read" | "write";
}

export interface EdgeConfig {
  /** REQUIRED. Where browsers reach this worker, with the path it is mounted under: `https://app.example/zendesk`. */
  publicUrl: string;
  /** REQUIRED, unless there is `authenticate`. What backends mint sessions with: 32 or more visible ASCII characters. */
  adminKey?: string;
  /** REQUIRED. 32 bytes each, as base64url without padding. The first seals, all of them open. */
  sealingKeys: { kid: string; key: string }[];
  /** REQUIRED. */
  store: Store;
  /** How an account's origin is built. Default: `https://{subdomain}.zendesk.com`. Plain http for `*.localhost` only. */
  accountTemplate?: string;
  /** The `redirect_uri`s that frontends may use for the hand-off, letter by letter. Default: none. */
  redirectUris?: string[];
  /** URLs under which a redirect may end: same origin, same path or below. Default: none. */
  returnTo?: string[];
  /** Origins of frontends on other origins than the worker's (CORS), such as `https://app.example`. Default: none. */
  allowedOrigins?: string[];
  /** Seconds to ask for as `expires_in`, 301 to 172799. Default: 1800. */
  accessTokenLifetime?: number;
  /** How long before a token expires it is refreshed, in seconds, 30 to 3600; at most a third of its life. Default: 300. */
  refreshBefore?: number;
  /** Seconds from the start of an authorization to its callback, 60 to 3600. Default: 600. */
  transactionMaxAge?: number;
  /** The product's name on pages, 1 to 80 characters. Default: `this application`. */
  product?: string;
  /**
   * The operator's own OAuth client for OAuth - System, good for every account (Zendesk calls it a global client). Its
   * identifier begins with `zdg-`. A public client has no secret. Default: none, and OAuth - System is not offered.
   */
  systemClient?: { clientId: string; clientKind?: "confidential" | "public"; clientSecret?: string; scope: string };
  /**
   * Who is told of what happens to connections, integrations and links: signed as Standard Webhooks says, after the
   * answer, and again for three days with growing pauses until the receiver answers with 2xx. Default: nobody.
   */
  webhooks?: EdgeWebhook[];
  /** Default: `globalThis.fetch`. Called with `redirect: "manual"` and an abort signal. */
  fetch?: typeof fetch;
  /** The present, in milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
  /**
   * Says who is asking, in place of sessions and the admin key; null lets nobody in. The request's body has been read
   * already. Where it goes by a cookie, it must also see that the request comes from the product's own pages: by the
   * headers `origin` and `sec-fetch-site`.
   */
  authenticate?: (request: Request) => EdgeCaller | null | Promise<EdgeCaller | null>;
  /** Told of what happened; what it throws or rejects with is ignored. */
  onEvent?: (event: EdgeEvent) => void | Promise<void>;
}

/** A receiver of events (https://www.standardwebhooks.com). */
export interface EdgeWebhook {
  /** https; plain http for loopback only, and each address once. Redirects are not followed. */
  url: string;
  /** `whsec_` and 24 to 64 bytes as base64. With several, each signs: so a secret can be replaced without a gap. */
  secrets: string[];
  /** The types wanted, of `connection.*`, `integration.*` and `link.*`. Default: all of these. */
  events?: EdgeEvent["type"][];
}

/** What a sweep did. */
export interface EdgeSweep {
  /** Events that receivers took. */
  delivered: number;
  /** Links that were told of as expired. */
  expired: number;
}

/** What a runtime passes along with a request. */
export interface EdgeContext {
  waitUntil?(work: Promise<unknown>): void;
}

/** What to send to Zendesk, and where. */
export interface Credentials {
  /** The whole `Authorization` header. A secret: keep it out of logs and browsers. */
  authorization: string;
  /** The account's origin, without a slash at the end. */
  baseUrl: string;
  /** RFC 3339; null for Basic. */
  expiresAt: string | null;
}

export interface ConnectionOptions {
  /** Default: `default`. */
  tenant?: string;
  /** The runtime's, of the request at hand: a refresh that has begun is then finished whatever becomes of the request. */
  context?: EdgeContext;
}

/** A connection in the hands of the product's own code. */
export interface EdgeConnection {
  /**
   * A credential that works, refreshed where that is due.
   *
   * @throws {ZendeskAuthError} `connection_not_found`, `reauthorization_required`, `account_not_found`,
   *   `connection_revoked`, `refresh_in_progress`; `rate_limited` and other troubles of a refresh, with `retryAfter`
   */
  credentials(): Promise<Credentials>;
  /**
   * Calls the Zendesk API: `fetch` with the credential added, refreshed and sent once more where Zendesk refuses it (401)
   * and the body has at most 64 KiB.
   *
   * @param path `/api/v2/tickets.json`, with a query if there is one.
   * @returns Zendesk's answer, whatever its status.
   * @throws {ZendeskAuthError} as `credentials`; `proxy_path_refused`, `zendesk_unreachable`, `zendesk_timeout`,
   *   `unexpected_redirect`
   */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export interface Edge {
  /** Answers a request below `publicUrl`. Never rejects. */
  fetch(request: Request, context?: EdgeContext): Promise<Response>;
  /** A connection of a tenant's, for the product's own code. Nothing is asked for before one of its methods is called. */
  connection(id: string, options?: ConnectionOptions): EdgeConnection;
  /**
   * Does what is due with nobody asking for it: sends events again, and tells of links that have expired. Call it every
   * minute or so: from `scheduled` on Cloudflare Workers, `Deno.cron`, or a timer. It ends within that minute.
   *
   * @throws {ZendeskAuthError} `store_unavailable`: the next call does what is left
   */
  sweep(context?: EdgeContext): Promise<EdgeSweep>;
}

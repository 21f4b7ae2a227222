/** Where an authorization is started for. */
export interface AccountOptions {
  /** The account: `acme`, or what people paste, such as `https://acme.zendesk.com/agent/`. */
  subdomain: string;
  /** How the account's origin is built. Default: `https://{subdomain}.zendesk.com`. Plain http for `*.localhost` only. */
  accountTemplate?: string;
  /** A profile's own authorization URL, on the account's host; may hold `{subdomain}`. Default: `/oauth/authorizations/new`. */
  authorizationUrl?: string;
}

export interface EndpointOptions extends AccountOptions {
  /** A profile's own token URL, on the account's host; may hold `{subdomain}`. Default: `/oauth/tokens`. */
  tokenUrl?: string;
}

export interface Endpoints {
  /** `https://acme.zendesk.com`, without a trailing slash. */
  origin: string;
  authorizationUrl: string;
  tokenUrl: string;
}

/** RFC 7636; `codeVerifier` has 43 characters. */
export interface Pkce {
  codeVerifier: string;
  codeChallenge: string;
  codeChallengeMethod: "S256";
}

export interface ScopeWarning {
  scope: string;
  code: "scope_unknown" | "scope_covered";
  message: string;
  /** The broader scope that covers this one. */
  by?: string;
}

export interface ParsedScope {
  /** Normalised: single spaces, no repeats. */
  scope: string;
  scopes: string[];
  warnings: ScopeWarning[];
}

export interface AuthorizationOptions extends AccountOptions {
  /** The OAuth client's unique identifier (not its numeric id), 1 to 255 characters. */
  clientId: string;
  /** One of the client's redirect URLs, letter by letter. https, or http on `localhost` and `127.0.0.1`. */
  redirectUri: string;
  /** RFC 6749 section 3.3, such as `read write`. */
  scope: string;
  /** The authorization profile's id at the worker. */
  profile?: string;
  /** The tenant the connection will belong to. Default: `default`. */
  tenant?: string;
  /** The end user it will belong to: the subject of the connect session. Default: none, for an admin's session. */
  subject?: string;
  /** The present, in milliseconds since 1970. Default: `Date.now()`. */
  now?: number;
}

/** What must be kept between the start and the callback, in `sessionStorage`: plain data, but `codeVerifier` and `state` are secrets. */
export interface Transaction {
  version: 1;
  state: string;
  codeVerifier: string;
  subdomain: string;
  tenant: string;
  /** The end user; empty for the integration itself. */
  subject: string;
  profile: string;
  redirectUri: string;
  /** Milliseconds since 1970. */
  createdAt: number;
}

export interface Authorization {
  /** Where to send the browser. */
  authorizationUrl: string;
  transaction: Transaction;
}

export interface CallbackOptions {
  /** The tenant this page works for; another one in the transaction is refused. */
  tenant?: string;
  /** The end user this page works for; another one in the transaction is refused. */
  subject?: string;
  /** The account this page works for; another one in the transaction is refused. */
  subdomain?: string;
  /** The transaction's greatest age in seconds. Default: 600. */
  maxAge?: number;
  /** The present, in milliseconds since 1970. Default: `Date.now()`. */
  now?: number;
}

declare const checked: unique symbol;

/** A callback that `checkCallback` has judged good. Only that function makes one, and only this can be exchanged. */
export interface Callback {
  readonly [checked]: true;
  readonly code: string;
  readonly codeVerifier: string;
  readonly subdomain: string;
  readonly redirectUri: string;
  readonly tenant: string;
  readonly subject: string;
  readonly profile: string;
}

export interface ExchangeOptions {
  /** Default: `globalThis.fetch`. */
  fetch?: typeof fetch;
  /** Sent with the request: the connect session as `{ authorization: "Bearer …" }`. */
  headers?: HeadersInit;
  signal?: AbortSignal;
}

/** One authorized account, as the worker shows it. Never a token. Times are RFC 3339. */
export interface Connection {
  id: string;
  tenant: string;
  /** `integration`, or `user:` and the end user's subject. */
  subject: string;
  subdomain: string;
  /** Which of the three ways it was authorized in. */
  authorization: "basic" | "oauth-system" | "oauth-custom";
  /** The authorization profile's id; null where there is none. */
  profile: string | null;
  mechanism: "basic" | "oauth2";
  /** How OAuth tokens are come by; null for Basic. With `client-credentials` the client asks for itself. */
  grant: "authorization-code" | "client-credentials" | null;
  /** `revoked`: it is being disconnected. `account-not-found`: the account was renamed or closed. */
  status: "active" | "refreshing" | "reauthorization-required" | "revoked" | "account-not-found";
  /** Why there is no new credential yet; it is asked for again on demand, not before `retryAt`. */
  trouble: { code: string; failures: number; retryAt: string } | null;
  user: { id: number; name: string; email: string | null; role: string | null };
  /** All empty for Basic, which knows no scopes. */
  scopes: { requested: string[]; granted: string[]; missing: string[] };
  /** Null for Basic: an API token does not expire by itself. */
  expiresAt: string | null;
  refreshTokenExpiresAt: string | null;
  /**
   * The day on which Zendesk ends what it rests on: `2027-04-30` for API tokens, `2027-04-01` for OAuth tokens without a
   * refresh token. Null where it goes on.
   */
  stopsOn: string | null;
  /** When an OAuth token took the place of its API token, which somebody should delete in Zendesk's Admin Center. */
  migratedAt: string | null;
  createdAt: string;
  updatedAt: string;
}

export type FormKind = "oauth-custom" | "oauth-system" | "basic" | "basic-profile";

export interface FormOptions {
  /** As in `beginAuthorization`. */
  accountTemplate?: string;
}

export interface FormResult {
  /** No problems; warnings do not count. */
  valid: boolean;
  /** Every field of the form, normalised: what to send. */
  values: Record<string, string>;
  problems: { field: string; code: string; message: string }[];
  warnings: { field: string; code: string; message: string }[];
}

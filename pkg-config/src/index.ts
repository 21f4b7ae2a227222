import { ZendeskAuthError } from "./error.js";
import { ask, problem, rows } from "./host.js";
import type {
  Authorization,
  AuthorizationOptions,
  Callback,
  CallbackOptions,
  Connection,
  EndpointOptions,
  Endpoints,
  ExchangeOptions,
  FormKind,
  FormOptions,
  FormResult,
  ParsedScope,
  Pkce,
  ScopeWarning,
  Transaction,
} from "./types.js";

export { type ErrorDetails, type FieldProblem, isZendeskAuthError, ZendeskAuthError } from "./error.js";
export type * from "./types.js";

/** A misspelt option would silently fall back to a default, so it is refused. */
function refuseOthers(others: object): void {
  const [field] = Object.keys(others);
  if (field)
    throw new ZendeskAuthError("option_unknown", `there is no option \`${field}\`: check its spelling`, { field });
}

/**
 * Parses what people type or paste as their subdomain: `acme`, ` ACME `, `acme.zendesk.com`, `https://acme.zendesk.com/agent/`.
 *
 * @returns One DNS label, 1 to 63 characters, lower case.
 * @throws {ZendeskAuthError} `subdomain_empty`, `subdomain_not_ascii`, `subdomain_character`, `subdomain_encoded`,
 *   `subdomain_scheme`, `subdomain_user_info`, `subdomain_port`, `subdomain_other_host`, `subdomain_custom_domain`,
 *   `subdomain_nested`, `subdomain_too_long`, `subdomain_dash`, `subdomain_reserved`
 */
export function parseSubdomain(input: string): string {
  return ask(0, [input])[3] as string;
}

/**
 * The endpoints of an account, always on the account's own host.
 *
 * @throws {ZendeskAuthError} `subdomain_*`, `account_template_invalid`, `endpoint_invalid`, `endpoint_not_https`,
 *   `endpoint_other_host`, `option_unknown`
 */
export function endpoints(options: EndpointOptions): Endpoints {
  const { subdomain, accountTemplate, authorizationUrl, tokenUrl, ...others } = options;
  refuseOthers(others);
  const answer = ask(0, [subdomain, accountTemplate, authorizationUrl, tokenUrl]) as [string, string, string];
  return { origin: answer[0], authorizationUrl: answer[1], tokenUrl: answer[2] };
}

/** A new verifier of 32 random bytes and its S256 challenge (RFC 7636). */
export function createPkce(): Pkce {
  const [, codeVerifier, codeChallenge] = ask(2, [], 64) as [string, string, string];
  return { codeVerifier, codeChallenge, codeChallengeMethod: "S256" };
}

/** A new `state` of 32 random bytes, 43 characters (RFC 6749 section 10.12). */
export function createState(): string {
  return ask(2, [], 32)[0] as string;
}

/**
 * Parses a `scope` parameter; unknown names are kept and flagged.
 *
 * @throws {ZendeskAuthError} `scope_empty`, `scope_invalid`
 */
export function parseScope(scope: string): ParsedScope {
  const [parsed, ...warnings] = ask(1, [scope]) as [string, ...string[]];
  return {
    scope: parsed,
    scopes: parsed.split(" "),
    warnings: rows(warnings, 3).map(
      ([scope, code, by]) => ({ scope, ...judged(code), ...(by && { by }) }) as ScopeWarning,
    ),
  };
}

/** A code within an answer is one character, U+0021 for the first. */
const judged = (character?: string) => problem((character as string).charCodeAt(0) - 33);

/**
 * Starts an authorization: the URL to open, and the transaction to keep in `sessionStorage` until the callback.
 *
 * @throws {ZendeskAuthError} `subdomain_*`, `account_template_invalid`, `endpoint_*`, `redirect_uri_empty`,
 *   `redirect_uri_relative`, `redirect_uri_not_https`, `redirect_uri_fragment`, `redirect_uri_invalid`, `scope_empty`,
 *   `scope_invalid`, `field_required` or `field_too_long` (field `clientId`), `option_unknown`
 */
export function beginAuthorization(options: AuthorizationOptions): Authorization {
  const {
    subdomain,
    accountTemplate,
    authorizationUrl,
    clientId,
    redirectUri,
    scope,
    profile = "",
    tenant = "default",
    subject = "",
    now = Date.now(),
    ...others
  } = options;
  refuseOthers(others);
  const createdAt = Math.trunc(now);
  const [state, codeVerifier, url, parsed] = ask(
    3,
    [subdomain, accountTemplate, authorizationUrl, redirectUri, scope, clientId],
    64,
  ) as [string, string, string, string];
  return {
    authorizationUrl: url,
    transaction: {
      version: 1,
      state,
      codeVerifier,
      subdomain: parsed,
      tenant,
      subject,
      profile,
      redirectUri,
      createdAt,
    },
  };
}

const checkedCallbacks = new WeakSet<object>();

/**
 * Judges a callback against its transaction: state (in constant time, before anything else in the answer is believed),
 * age, tenant, user, account. Remove the transaction from storage before you call this: it is single use.
 *
 * @param url The whole URL that Zendesk sent the browser to.
 * @throws {ZendeskAuthError} `transaction_invalid`, `callback_malformed`, `callback_other_redirect_uri`,
 *   `callback_duplicate_parameter`, `callback_state_missing`, `callback_state_mismatch`, `callback_expired`,
 *   `callback_other_tenant`, `callback_other_subject`, `callback_other_subdomain`, `callback_ambiguous`, `callback_code_missing`, `access_denied`,
 *   `authorization_refused` (with Zendesk's `error`), `subdomain_*` (of the option), `option_unknown`
 */
export function checkCallback(url: string | URL, transaction: Transaction, options: CallbackOptions = {}): Callback {
  const {
    tenant: expectedTenant,
    subject: expectedSubject,
    subdomain: expectedSubdomain,
    maxAge = 600,
    now = Date.now(),
    ...others
  } = options;
  refuseOthers(others);
  // Storage can hold anything, also nothing or the format of another version.
  const stored: Partial<Transaction> = transaction?.version === 1 ? transaction : {};
  const {
    state,
    codeVerifier,
    subdomain,
    tenant,
    subject = "",
    profile,
    redirectUri,
    createdAt,
  } = stored as Transaction;
  const expected = [expectedTenant, expectedSubdomain].map((value) => (value === undefined ? "" : `=${value}`));
  const [code] = ask(
    4,
    [subdomain, url, state, codeVerifier, tenant, redirectUri, ...expected],
    0,
    now,
    createdAt,
    maxAge,
  );
  if (expectedSubject !== undefined && expectedSubject !== subject) {
    throw new ZendeskAuthError("callback_other_subject", "the authorization was started for another user: start again");
  }
  const callback = Object.freeze({ code, codeVerifier, subdomain, redirectUri, tenant, subject, profile });
  checkedCallbacks.add(callback);
  return callback as unknown as Callback;
}

/**
 * Hands a checked callback off to the worker's `POST /oauth/exchange`, which holds the client secret.
 *
 * @param endpoint The worker's `/oauth/exchange`.
 * @returns The connection; never a token.
 * @throws {ZendeskAuthError} `callback_unchecked`, `option_unknown`, `worker_unreachable` (with `cause`),
 *   `worker_response_malformed`, and every code of the worker's problem documents, with `status`
 */
export async function exchange(
  endpoint: string | URL,
  callback: Callback,
  options: ExchangeOptions = {},
): Promise<Connection> {
  const { fetch = globalThis.fetch, headers, signal, ...others } = options;
  refuseOthers(others);
  if (!checkedCallbacks.has(callback)) {
    throw new ZendeskAuthError("callback_unchecked", "exchange takes what `checkCallback` returned");
  }
  const allHeaders = new Headers(headers);
  allHeaders.set("content-type", "application/json");
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(endpoint, {
      method: "POST",
      headers: allHeaders,
      body: JSON.stringify(callback),
      // Followed, a 307 would carry the code to another host; workerd has no "error" mode.
      redirect: "manual",
      signal: signal as AbortSignal,
    });
    answer = await response.json().catch(() => undefined);
  } catch (cause) {
    throw new ZendeskAuthError(
      "worker_unreachable",
      "the worker cannot be reached: check the connection and try again",
      { cause },
    );
  }
  if (response.ok && Object(answer) === answer) return answer as Connection;
  throw refusal(response.status, Object(answer));
}

function refusal(status: number, document: Record<string, never>): ZendeskAuthError {
  const { code, detail, error, errorDescription, retryAfter, problems } = document;
  return typeof code === "string"
    ? new ZendeskAuthError(code, String(detail), { status, error, errorDescription, retryAfter, problems })
    : new ZendeskAuthError("worker_response_malformed", "the worker's answer cannot be read: check the endpoint", {
        status,
      });
}

/**
 * Judges a whole form, with the same rules and codes as the worker.
 *
 * @param values The fields as typed; a field that is not given counts as empty.
 * @throws {ZendeskAuthError} `form_kind_unknown`, `account_template_invalid`, `option_unknown`. What is wrong in a field is
 *   returned, not thrown.
 */
export function validateForm(kind: FormKind, values: Record<string, string>, options: FormOptions = {}): FormResult {
  const { accountTemplate, ...others } = options;
  refuseOthers(others);
  const result: Omit<FormResult, "valid"> = { values: {}, problems: [], warnings: [] };
  for (const [note = "", value] of rows(ask(5, [kind, accountTemplate, ...Object.entries(values).flat()]), 2)) {
    const field = note.slice(1);
    if (note[0] === "=") result.values[field] = value as string;
    else result[note[0] === "!" ? "problems" : "warnings"].push({ field, ...judged(value) });
  }
  return { valid: !result.problems.length, ...result };
}

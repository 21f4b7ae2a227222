import type { Trouble } from "./trouble.js";
import type { Words } from "./words.js";

/** A failure in words for the person at the screen; texts come in parts, every second one literal. */
export interface Advice {
  title: string;
  text: string[];
  /** What to do now. */
  next: string[] | undefined;
}

/** The kinds of trouble that have words of their own, `ui.advice.<kind>.*`, and the codes that mean them. */
const KINDS: Record<string, string[]> = {
  denied: ["access_denied"],
  other_authorization: [
    "callback_state_mismatch",
    "callback_state_missing",
    "callback_other_tenant",
    "callback_other_subject",
    "callback_other_redirect_uri",
    "transaction_not_found",
    "transaction_invalid",
  ],
  other_account: ["callback_other_subdomain", "subdomain_mismatch"],
  other_browser: ["transaction_other_browser"],
  too_long: ["callback_expired", "transaction_expired"],
  no_answer: ["authorization_timed_out"],
  used: ["transaction_used", "invalid_grant"],
  interrupted: ["transaction_interrupted", "connection_not_stored"],
  garbled: ["callback_malformed", "callback_duplicate_parameter", "callback_ambiguous", "callback_code_missing"],
  nobody_waits: ["callback_unexpected"],
  secret: ["invalid_client"],
  client_kind: ["unauthorized_client"],
  scopes: ["invalid_scope"],
  request: ["invalid_request"],
  missing_scope: ["access_token_missing_scope"],
  basic: ["basic_refused"],
  user: ["identity_anonymous", "user_suspended", "user_unverified"],
  retired: ["api_tokens_retired"],
  busy: ["rate_limited", "zendesk_unavailable", "zendesk_timeout"],
  unreachable: ["zendesk_unreachable"],
  no_account: ["unexpected_redirect", "token_response_malformed", "token_response_too_large", "identity_malformed"],
  changed: ["integration_changed", "profile_changed", "integration_other_choice"],
  profile_gone: ["profile_not_found", "integration_profile_missing"],
  in_use: ["profile_in_use"],
  not_enabled: ["integration_not_enabled", "integration_not_for_users"],
  session: [
    "authentication_missing",
    "authentication_refused",
    "session_invalid",
    "session_expired",
    "session_required",
    "session_unavailable",
    "role_insufficient",
  ],
  network: ["worker_unreachable", "network_failed", "network_timeout"],
};

const KIND_OF = new Map(Object.entries(KINDS).flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const)));

/** The field that most likely has to change, where a form has it. */
const FIELD_OF: Record<string, string> = {
  other_account: "subdomain",
  no_answer: "clientId",
  secret: "clientSecret",
  client_kind: "clientKind",
  scopes: "scope",
  missing_scope: "scope",
  basic: "apiToken",
  user: "email",
  unreachable: "subdomain",
  no_account: "tokenUrl",
};

export function fieldOf({ code }: Trouble): string | undefined {
  return FIELD_OF[KIND_OF.get(code) ?? ""];
}

/** A title, a sentence and a way on for every code; one without words of its own says what the catalogue's error says. */
export function adviceFor(trouble: Trouble, words: Words): Advice {
  const { code, retryAfter } = trouble;
  const known = KIND_OF.get(code);
  const kind = known ?? "other";
  const own = `ui.advice.${known}.text`;
  const says = words.error(trouble);
  return {
    title: words.text(`ui.advice.${kind}.title`),
    text: words.has(own) ? words.parts(own) : says.join("") === "" ? words.parts("ui.advice.other.text") : says,
    next:
      retryAfter === undefined
        ? words.has(`ui.advice.${kind}.next`)
          ? words.parts(`ui.advice.${kind}.next`)
          : undefined
        : words.parts("ui.advice.wait", { seconds: retryAfter }),
  };
}

/** What is worth showing to whoever looks after the Zendesk account. */
export function technicalDetail({ code, error, errorDescription }: Trouble): string {
  const answered = [error, errorDescription].filter(Boolean).join(": ");
  return answered === "" || answered === code ? code : `${code} (${answered})`;
}

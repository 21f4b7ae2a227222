import type { Trouble } from "./trouble.js";

/** A failure in words for the person at the screen. */
export interface Advice {
  title: string;
  text: string;
  /** What to do now; may hold several steps. */
  next?: string[];
  /** The field of the profile that most likely has to change. */
  field?: "subdomain" | "clientId" | "clientSecret" | "clientKind" | "scope" | "tokenUrl";
}

const START_AGAIN = "Choose Authorize to start again.";
const CHECK_CLIENT = "In Admin Center, open Apps and integrations > APIs > OAuth clients and compare.";

const EXPIRED: Advice = {
  title: "That took too long",
  text: "More than 10 minutes passed between the start and Zendesk's answer, so the answer was not used. Nothing was connected.",
  next: [START_AGAIN],
};

const USED: Advice = {
  title: "This answer was used already",
  text: "Zendesk's answer works once, and this one has been used or is older than two minutes. Nothing was connected by it.",
  next: [START_AGAIN],
};

const OTHER_AUTHORIZATION: Advice = {
  title: "This answer belongs to another authorization",
  text: "What came back does not match the authorization that was started in this tab, so it was not used. Another tab or a link from somebody else can cause this.",
  next: ["Close other windows of this page.", START_AGAIN],
};

const GARBLED: Advice = {
  title: "The answer cannot be read",
  text: "The address that the browser came back to is incomplete or was changed on the way. Nothing was connected.",
  next: [START_AGAIN],
};

const WRONG_ACCOUNT: Advice = {
  title: "That is another Zendesk account",
  text: "The answer is for another account than the one that was asked for, so it was not used.",
  next: ["Check the subdomain.", START_AGAIN],
  field: "subdomain",
};

const NETWORK: Advice = {
  title: "The connection was lost",
  text: "The worker could not be reached, so it is not known whether the authorization came through.",
  next: ["Check your network.", START_AGAIN],
};

const SESSION: Advice = {
  title: "Your session has ended",
  text: "This page may no longer act for you.",
  next: ["Reload the page to sign in again. What is saved stays saved."],
};

const ZENDESK_DOWN: Advice = {
  title: "Zendesk does not answer just now",
  text: "The account's server is busy or unreachable. Your profile is saved.",
  next: ["Wait a moment, then choose Authorize again."],
};

const NOT_AN_ACCOUNT: Advice = {
  title: "Zendesk's answer makes no sense",
  text: "The account's server did not answer as Zendesk does. The subdomain or the token URL may be wrong.",
  next: ["Check the subdomain and, under Advanced, the token URL."],
  field: "tokenUrl",
};

const ADVICE: Record<string, Advice> = {
  access_denied: {
    title: "Access was denied",
    text: "Somebody chose Deny on Zendesk's page, so nothing was connected.",
    next: ["Choose Authorize again, then Allow on Zendesk's page."],
  },
  callback_state_mismatch: OTHER_AUTHORIZATION,
  callback_state_missing: OTHER_AUTHORIZATION,
  callback_other_tenant: OTHER_AUTHORIZATION,
  callback_other_subject: OTHER_AUTHORIZATION,
  callback_other_redirect_uri: OTHER_AUTHORIZATION,
  callback_other_subdomain: WRONG_ACCOUNT,
  subdomain_mismatch: WRONG_ACCOUNT,
  callback_expired: EXPIRED,
  callback_malformed: GARBLED,
  callback_duplicate_parameter: GARBLED,
  callback_ambiguous: GARBLED,
  callback_code_missing: GARBLED,
  callback_unexpected: {
    title: "No page is waiting for this answer",
    text: "It was used already, or the page that started it was closed. Nothing was connected by it.",
    next: ["Open the console and choose Authorize again."],
  },
  transaction_expired: EXPIRED,
  transaction_used: USED,
  transaction_not_found: OTHER_AUTHORIZATION,
  transaction_invalid: OTHER_AUTHORIZATION,
  transaction_other_browser: {
    title: "Started in another browser",
    text: "An authorization ends in the browser that it was started in, so that nobody can finish it for somebody else.",
    next: [START_AGAIN],
  },
  transaction_interrupted: {
    title: "The authorization was interrupted",
    text: "It stopped before its end, and Zendesk's answer works once, so it cannot go on.",
    next: [START_AGAIN],
  },
  authorization_timed_out: {
    title: "No answer from Zendesk",
    text: "Ten minutes have passed without an answer, so this authorization has ended. Nothing was connected.",
    next: ["If Zendesk showed an error such as No such client, correct the client id or the subdomain.", START_AGAIN],
    field: "clientId",
  },
  invalid_grant: {
    title: "Zendesk no longer takes this answer",
    text: "The code that Zendesk gave has been used already, is older than two minutes, or belongs to another redirect URL. Nothing was connected.",
    next: [START_AGAIN],
  },
  invalid_client: {
    title: "Zendesk does not accept the client secret",
    text: "The client id or the secret is not the one that Zendesk has for this OAuth client.",
    next: [
      "Replace the client secret below. Zendesk shows a secret in full only once: if it is lost, choose Regenerate on the OAuth client.",
      CHECK_CLIENT,
    ],
    field: "clientSecret",
  },
  unauthorized_client: {
    title: "This OAuth client may not authorize like this",
    text: "Its kind in Zendesk, confidential or public, may differ from the one chosen here.",
    next: [CHECK_CLIENT],
    field: "clientKind",
  },
  invalid_scope: {
    title: "Zendesk does not allow one of the scopes",
    text: "The OAuth client has a list of allowed scopes, and at least one scope asked for is not on it.",
    next: ["Choose fewer scopes, or extend Allowed scopes on the OAuth client."],
    field: "scope",
  },
  invalid_request: {
    title: "Zendesk found the request invalid",
    text: "The redirect URL or the kind of the OAuth client may differ from what is set in Zendesk.",
    next: ["Compare the callback URL below with Redirect URLs on the OAuth client, character by character."],
    field: "clientKind",
  },
  rate_limited: ZENDESK_DOWN,
  zendesk_unavailable: ZENDESK_DOWN,
  zendesk_timeout: ZENDESK_DOWN,
  zendesk_unreachable: {
    title: "The Zendesk account cannot be reached",
    text: "There may be no account of this name, or its server is down.",
    next: ["Check the subdomain.", "Wait a moment, then choose Authorize again."],
    field: "subdomain",
  },
  unexpected_redirect: NOT_AN_ACCOUNT,
  token_response_malformed: NOT_AN_ACCOUNT,
  token_response_too_large: NOT_AN_ACCOUNT,
  identity_malformed: NOT_AN_ACCOUNT,
  endpoint_other_host: {
    title: "A URL of the profile is on another host",
    text: "The authorization URL and the token URL must be on the account's own host, so that no secret goes anywhere else.",
    next: ["Correct the URLs under Advanced."],
    field: "tokenUrl",
  },
  identity_anonymous: {
    title: "Zendesk does not say who authorized",
    text: "Zendesk gave a token that belongs to no user, so it does not count as a connection.",
    next: ["Sign in to Zendesk with a verified, active user, then authorize again."],
  },
  access_token_missing_scope: {
    title: "A scope is missing to finish",
    text: "To say who is connected, Zendesk asks for the scope read or users:read.",
    next: ["Add one of them to the scopes, then authorize again."],
    field: "scope",
  },
  profile_not_found: {
    title: "The profile is gone",
    text: "The authorization profile was removed, or it belongs to somebody else. Nothing was connected.",
    next: ["Reload the page, then choose or create a profile."],
  },
  profile_changed: {
    title: "The profile was changed meanwhile",
    text: "Somebody else saved this profile after you opened it.",
    next: ["Reload the page to see what it holds now."],
  },
  connection_not_stored: {
    title: "The connection could not be saved",
    text: "Zendesk granted access, but the worker could not keep it, so nothing is connected.",
    next: [START_AGAIN],
  },
  authentication_missing: SESSION,
  session_invalid: SESSION,
  session_expired: SESSION,
  worker_unreachable: NETWORK,
  network_failed: NETWORK,
  network_timeout: NETWORK,
};

/** A sentence and a way on for every code; an unknown code speaks for itself. */
export function adviceFor(trouble: Trouble): Advice {
  const known = ADVICE[trouble.code];
  if (known !== undefined) return withWait(known, trouble.retryAfter);
  return {
    title: "That did not work",
    text: sentence(trouble.message) || "Something went wrong that this page has no words for.",
    next: [START_AGAIN],
  };
}

function withWait(advice: Advice, seconds: number | undefined): Advice {
  if (seconds === undefined || advice !== ZENDESK_DOWN) return advice;
  return { ...advice, next: [`Wait ${seconds} seconds, then choose Authorize again.`] };
}

/** The package's messages are lower case and without a full stop, to be put into a sentence. */
export function sentence(message: string): string {
  if (message === "") return "";
  const begun = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** What is worth showing to whoever looks after the Zendesk account. */
export function technicalDetail(trouble: Trouble): string {
  const answered = [trouble.error, trouble.errorDescription].filter(Boolean).join(": ");
  return answered === "" || answered === trouble.code ? trouble.code : `${trouble.code} (${answered})`;
}

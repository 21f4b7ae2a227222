import type { Connection } from "../types.js";

/** Which of the three ways. */
export type AuthorizationKind = "basic" | "oauth-system" | "oauth-custom";

/** Which of the two: an admin authorizes once for all, or each user for themselves. */
export type Access = "pre-authorize" | "allow-users";

/** A tenant's integration, as `GET /integration` answers it. */
export interface Integration {
  /** Null until an admin has chosen. */
  authorization: AuthorizationKind | null;
  /** Null until an admin has chosen. */
  access: Access | null;
  /** The selected authorization profile's id. */
  profile: string | null;
  enabled: boolean;
  state: "unset" | "profile-missing" | "unverified" | "ready" | "enabled" | "reauthorization-required";
  /** The integration's own connection; users do not see it. */
  connection: string | null;
  /** Counts the changes. */
  version: number;
  /** The operator's own OAuth client; null where there is none. */
  systemClient: { clientId: string; scope: string } | null;
  /** Until when API tokens work. `availableUntil` is a day, such as `2027-04-30`. */
  basic: { availableUntil: string; daysLeft: number; available: boolean };
}

/** What is known of the credential after a connection was forgotten. */
export type Revoked =
  /** Zendesk no longer takes the token. */
  | "confirmed"
  /** It may still work: somebody has to revoke it in Zendesk's Admin Center. */
  | "unconfirmed"
  /** Basic: an API token belongs to the account, not to this connection. */
  | "not-applicable";

/** The element's events and their details. All bubble and cross shadow boundaries. None holds a secret. */
export interface ZendeskConnectEvents {
  /** An account was connected, by a form, a popup, or a redirect that has just come back. */
  "zendesk-connected": { connection: Connection };
  /** A connection was removed; `connection` is its id. */
  "zendesk-disconnected": { connection: string; revoked: Revoked };
  /** Something did not work. `code` is stable; `message` is in the element's language. */
  "zendesk-failed": { code: string; message: string };
  /** The integration was loaded, or has changed. */
  "zendesk-integration": { integration: Integration };
}

/** What gives the element a connect session: the session itself, or what asks the product's backend for one. */
export type SessionSource = string | (() => string | Promise<string>);

/** `<zendesk-connect>`: connects Zendesk accounts; shows an admin the integration's configuration too. */
export interface ZendeskConnectElement extends HTMLElement {
  /** Attribute `worker`: where the edge worker is mounted. Default: the page's origin. */
  worker: string;
  /**
   * Attribute or property `session`: a connect session, or (property only) a function that is asked for one when it is
   * first needed, and again when it has expired. `null`: wait until it is set. Default: none; requests then go with
   * cookies alone, for a worker with the product's own `authenticate`.
   */
  session: SessionSource | null | undefined;
  /** Attribute `flow`. Default: `hand-off` where `redirectUri` is set, `worker-held` otherwise. */
  flow: "worker-held" | "hand-off";
  /** Attribute `redirect-uri`: the product's own page for the hand-off, which calls `finishCallback`; on this page's origin. */
  redirectUri: string;
  /** Attribute `mode`. Default: `popup`; where it is blocked, the redirect is offered. */
  mode: "popup" | "redirect";
  /** Attribute `return-to`: where a redirect ends. Default: the page itself. */
  returnTo: string;
  /**
   * Attribute `language`: `en`, `de`, `es`, `ja` or `pt`. Default: the nearest `lang` attribute that is one of them, then
   * the browser's languages, then `en`.
   */
  language: string;
  /** Asks the worker again. */
  reload(): Promise<void>;

  addEventListener<K extends keyof ZendeskConnectEvents>(
    type: K,
    listener: (this: ZendeskConnectElement, event: CustomEvent<ZendeskConnectEvents[K]>) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: ZendeskConnectElement, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "zendesk-connect": ZendeskConnectElement;
  }
  interface HTMLElementEventMap {
    "zendesk-connected": CustomEvent<ZendeskConnectEvents["zendesk-connected"]>;
    "zendesk-disconnected": CustomEvent<ZendeskConnectEvents["zendesk-disconnected"]>;
    "zendesk-failed": CustomEvent<ZendeskConnectEvents["zendesk-failed"]>;
    "zendesk-integration": CustomEvent<ZendeskConnectEvents["zendesk-integration"]>;
  }
}

export interface FinishCallbackOptions {
  /** As the element's `session`. Needed for redirects, which this page finishes; a popup goes without. */
  session?: SessionSource;
  /** As the element's. */
  language?: string;
  /** Where to say what is going on; what is in it is replaced. Default: the page's `main`, else its `body`. `null`: nowhere. */
  into?: Element | null;
}

export interface FinishedCallback {
  /**
   * `handed-over`: the waiting page took it, and this window closes. `leaving`: a redirect ended, and the browser goes back;
   * the element there says how. `unexpected`: nobody waits for this answer, so nothing was connected.
   */
  status: "handed-over" | "leaving" | "unexpected";
}

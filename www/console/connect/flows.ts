import { beginAuthorization, checkCallback, exchange } from "zendesk-auth";
import type { Api } from "./api.js";
import type { Pending } from "./pending.js";
import { trouble } from "./trouble.js";
import type { Connection, Mode, Profile, Session, TransactionStatus } from "./types.js";

const TEN_MINUTES_MS = 10 * 60_000;
const POLL_EVERY_MS = 1500;

export interface FlowSettings {
  api: Api;
  /** Where the hand-off's callback page is; compared exactly by Zendesk. */
  handOffRedirectUri: string;
  /** Where a worker-held redirect ends. */
  returnTo: string;
  accountTemplate?: string;
}

/** An authorization that has begun: where to send the browser, and what to keep meanwhile. */
export interface Begun {
  authorizationUrl: string;
  pending: Pending;
}

/** Whom a connection will belong to. Of an admin, the subject is only a note. */
function whose({ tenant = "default", role, subject = "" }: Session): { tenant: string; subject: string } {
  return { tenant, subject: role === "user" ? subject : "" };
}

/** The browser makes and keeps state and verifier. */
export async function beginHandOff(profile: Profile, mode: Mode, settings: FlowSettings): Promise<Begun> {
  const { tenant, subject } = whose(await settings.api.session());
  const { authorizationUrl, transaction } = beginAuthorization({
    subdomain: profile.subdomain,
    clientId: profile.clientId,
    redirectUri: settings.handOffRedirectUri,
    scope: profile.scope,
    profile: profile.id,
    authorizationUrl: profile.authorizationUrl,
    tenant,
    subject,
    ...(settings.accountTemplate !== undefined && { accountTemplate: settings.accountTemplate }),
  });
  return {
    authorizationUrl,
    pending: {
      flow: "hand-off",
      mode,
      profile: profile.id,
      account: profile.subdomain,
      expiresAt: transaction.createdAt + TEN_MINUTES_MS,
      transaction,
    },
  };
}

/** The worker makes state and verifier and seals them into a cookie; the browser keeps an id. */
export async function beginWorkerHeld(
  profile: Profile,
  mode: Mode,
  settings: FlowSettings,
  signal: AbortSignal,
): Promise<Begun> {
  const returnTo = mode === "redirect" ? { returnTo: settings.returnTo } : {};
  const begun = await settings.api.begin({ profile: profile.id, mode, ...returnTo }, signal);
  return {
    authorizationUrl: begun.authorizationUrl,
    pending: {
      flow: "worker-held",
      mode,
      profile: profile.id,
      account: profile.subdomain,
      expiresAt: Date.parse(begun.expiresAt),
      id: begun.transaction,
    },
  };
}

/**
 * Checks what came back and hands it to the worker, which holds the client secret. Only for whom it was begun: somebody
 * else may have signed in meanwhile, and must not be given what the first person granted.
 */
export async function finishHandOff(
  callbackUrl: string,
  pending: Extract<Pending, { flow: "hand-off" }>,
  api: Api,
  signal?: AbortSignal,
): Promise<Connection> {
  const expected = { ...whose(await api.session()), subdomain: pending.account };
  const callback = checkCallback(callbackUrl, pending.transaction, expected);
  const connection = await exchange(api.url("/oauth/exchange"), callback, {
    fetch: api.fetch,
    ...(signal !== undefined && { signal }),
  });
  return connection as Connection;
}

/** The poll behind the popup. Answers once the worker knows how it ended, or throws its trouble. */
export async function pollWorkerHeld(
  id: string,
  api: Api,
  signal: AbortSignal,
  nudge: () => Promise<void>,
): Promise<Connection> {
  for (;;) {
    const now = await statusUnlessOffline(id, api, signal);
    if (now !== undefined && now.status !== "pending") return settled(now, api, signal);
    await Promise.race([pause(POLL_EVERY_MS, signal), nudge()]);
  }
}

/** One lost poll is no reason to give up on a person who is still reading Zendesk's page. */
async function statusUnlessOffline(id: string, api: Api, signal: AbortSignal): Promise<TransactionStatus | undefined> {
  try {
    return await api.transaction(id, signal);
  } catch (failure) {
    signal.throwIfAborted();
    if (failure instanceof TypeError) return undefined;
    throw failure;
  }
}

export async function settled(status: TransactionStatus, api: Api, signal?: AbortSignal): Promise<Connection> {
  if (status.status === "connected" && status.connection !== undefined) {
    return api.connection(status.connection, signal);
  }
  throw trouble(status.code ?? "unexpected", status.detail);
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", stopped, { once: true });
    function done(): void {
      signal.removeEventListener("abort", stopped);
      resolve();
    }
    function stopped(): void {
      clearTimeout(timer);
      reject(signal.reason);
    }
  });
}

import { beginAuthorization, checkCallback, exchange } from "zendesk-auth";
import { type Api, type Begin, ownerOf } from "./api.js";
import type { Pending, PendingHandOff } from "./pending.js";
import { pause } from "./signals.js";
import { trouble } from "./trouble.js";
import {
  accountOf,
  type Connection,
  type Flow,
  type Mode,
  type Target,
  type TransactionStatus,
  type Whose,
} from "./types.js";

const TEN_MINUTES_MS = 10 * 60_000;
const POLL_EVERY_MS = 1500;
/** What stands where a profile's id stands, for the operator's own client. */
const SYSTEM = "system";

export interface FlowSettings {
  api: Api;
  flow: Flow;
  mode: Mode;
  /** Where the hand-off's callback page is; Zendesk compares it letter by letter. */
  redirectUri: string;
  /** The page that a redirect ends on. */
  returnTo: string;
}

/** An authorization that has begun: where to send the browser, and what to keep meanwhile. */
export interface Begun {
  authorizationUrl: string;
  pending: Pending;
}

export async function begin(target: Target, settings: FlowSettings, signal: AbortSignal): Promise<Begun> {
  const whose = await settings.api.whose();
  const common = {
    mode: settings.mode,
    worker: settings.api.worker,
    owner: ownerOf(whose),
    account: accountOf(target),
    returnTo: settings.returnTo,
  };
  if (settings.flow === "hand-off") {
    const { authorizationUrl, transaction } = beginAuthorization(handOffOptions(target, settings, whose));
    const expiresAt = transaction.createdAt + TEN_MINUTES_MS;
    return { authorizationUrl, pending: { ...common, flow: "hand-off", expiresAt, transaction } };
  }
  const { mode, returnTo } = settings;
  const asked: Begin = {
    mode,
    ...(mode === "redirect" && { returnTo }),
    ...(target.authorization === "oauth-system"
      ? { authorization: target.authorization, subdomain: target.subdomain }
      : { profile: target.profile.id }),
  };
  const begun =
    target.migrates === undefined
      ? await settings.api.begin(asked, signal)
      : await settings.api.migrate(target.migrates, asked, signal);
  const expiresAt = Date.parse(begun.expiresAt);
  return {
    authorizationUrl: begun.authorizationUrl,
    pending: { ...common, flow: "worker-held", expiresAt, id: begun.transaction },
  };
}

/** The browser makes and keeps state and verifier. */
function handOffOptions(
  target: Target,
  { redirectUri }: FlowSettings,
  whose: Whose,
): Parameters<typeof beginAuthorization>[0] {
  const common = { redirectUri, accountTemplate: whose.accountTemplate, ...boundTo(whose) };
  if (target.authorization === "oauth-system") {
    return { ...common, ...target.client, subdomain: target.subdomain, profile: SYSTEM };
  }
  const { id, subdomain, clientId = "", authorizationUrl, scope = "" } = target.profile;
  return { ...common, subdomain, clientId, scope, profile: id, ...(authorizationUrl && { authorizationUrl }) };
}

/** Whom a connection will belong to. Of an admin, the subject is only a note. */
function boundTo({ tenant, role, subject }: Whose): { tenant: string; subject: string } {
  return { tenant, subject: role === "user" ? (subject ?? "") : "" };
}

/**
 * Checks what came back and hands it to the worker, which holds the client secret. Only for whom it was begun: somebody
 * else may have signed in meanwhile, and must not be given what the first person granted.
 */
export async function finishHandOff(
  callbackUrl: string,
  pending: PendingHandOff,
  api: Api,
  signal?: AbortSignal,
): Promise<Connection> {
  const expected = { ...boundTo(await api.whose()), subdomain: pending.account };
  const callback = checkCallback(callbackUrl, pending.transaction, expected);
  return exchange(api.url("/oauth/exchange"), callback, { fetch: api.fetch, ...(signal && { signal }) });
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

async function settled(status: TransactionStatus, api: Api, signal: AbortSignal): Promise<Connection> {
  if (status.status === "connected" && status.connection !== undefined) {
    return api.connection(status.connection, signal);
  }
  throw trouble(status.code ?? "unexpected", status.detail);
}

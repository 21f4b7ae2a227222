import type { Transaction } from "../types.js";
import type { Trouble } from "./trouble.js";
import type { Flow, Mode } from "./types.js";

/** What outlives a navigation or a reload while the person is on Zendesk's page. */
export type Pending = {
  mode: Mode;
  /** Where the worker is mounted. */
  worker: string;
  /** Whose page began it; nobody else's goes on with it. */
  owner: string;
  account: string;
  /** The page that a redirect ends on. */
  returnTo: string;
  expiresAt: number;
} & ({ flow: "hand-off"; transaction: Transaction } | { flow: "worker-held"; id: string });

export type PendingHandOff = Extract<Pending, { flow: "hand-off" }>;

/** How an authorization by redirect ended, for the page that the browser comes back to. */
export type Outcome = { worker: string; owner: string; flow: Flow } & (
  | { status: "connected"; connection: string }
  | { status: "failed"; trouble: Trouble }
);

const PENDING = "zendesk-auth:pending";
const OUTCOME = "zendesk-auth:outcome";

/** One pending authorization per tab, in its own sessionStorage. */
export class PendingStore {
  readonly #storage: Storage | undefined;

  constructor(storage: Storage | undefined) {
    this.#storage = storage;
  }

  keep(pending: Pending): void {
    this.#storage?.setItem(PENDING, JSON.stringify(pending));
  }

  peek(): Pending | undefined {
    return read<Pending>(this.#storage, PENDING);
  }

  drop(): void {
    this.#storage?.removeItem(PENDING);
  }

  keepOutcome(outcome: Outcome): void {
    this.#storage?.setItem(OUTCOME, JSON.stringify(outcome));
  }

  /** The outcome, once, for whom it is. */
  takeOutcome(worker: string, owner: string): Outcome | undefined {
    const outcome = read<Outcome>(this.#storage, OUTCOME);
    if (outcome?.worker !== worker || outcome.owner !== owner) return undefined;
    this.#storage?.removeItem(OUTCOME);
    return outcome;
  }
}

/** Blocked storage throws as soon as it is touched: popups work without it, redirects of the hand-off do not. */
export function sessionStore(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

function read<T>(storage: Storage | undefined, key: string): T | undefined {
  const stored = storage?.getItem(key) ?? null;
  if (stored === null) return undefined;
  try {
    return JSON.parse(stored) as T;
  } catch {
    return undefined;
  }
}

/** Names a pending authorization, for locks and for messages between tabs. */
export function pendingId(pending: Pending): string {
  return pending.flow === "hand-off" ? pending.transaction.state : pending.id;
}

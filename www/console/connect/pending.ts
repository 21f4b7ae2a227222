import type { Transaction } from "zendesk-auth";
import type { Trouble } from "./trouble.js";
import type { Flow, Mode } from "./types.js";

/** What outlives a navigation or a reload while the person is on Zendesk's page. */
export type Pending = {
  mode: Mode;
  profile: string;
  account: string;
  expiresAt: number;
} & ({ flow: "hand-off"; transaction: Transaction } | { flow: "worker-held"; id: string });

/** How an authorization by redirect ended, for the page that the browser comes back to. */
export type Outcome = { profile: string; flow: Flow } & (
  | { status: "connected"; connection: string }
  | { status: "failed"; trouble: Trouble }
);

const PENDING = "zendesk-auth:pending";
const OUTCOME = "zendesk-auth:outcome";

/** One pending authorization per tab, in its own sessionStorage. */
export class PendingStore {
  constructor(private readonly storage: Storage) {}

  keep(pending: Pending): void {
    this.storage.setItem(PENDING, JSON.stringify(pending));
  }

  peek(): Pending | undefined {
    return read<Pending>(this.storage, PENDING);
  }

  /** Reads and removes in one step: a transaction is used once. */
  take(): Pending | undefined {
    const pending = this.peek();
    this.drop();
    return pending;
  }

  drop(): void {
    this.storage.removeItem(PENDING);
  }

  keepOutcome(outcome: Outcome): void {
    this.storage.setItem(OUTCOME, JSON.stringify(outcome));
  }

  takeOutcome(): Outcome | undefined {
    const outcome = read<Outcome>(this.storage, OUTCOME);
    this.storage.removeItem(OUTCOME);
    return outcome;
  }
}

function read<T>(storage: Storage, key: string): T | undefined {
  const stored = storage.getItem(key);
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

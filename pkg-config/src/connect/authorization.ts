import type { Trouble } from "./trouble.js";
import type { Connection, Flow } from "./types.js";

/** One authorization, from the click to its end. */
export type Authorization =
  | { phase: "idle" }
  | { phase: "saving" }
  /** Basic: the worker asks Zendesk whose API token it is. */
  | { phase: "checking" }
  /** The browser refused the window; a redirect does the same without one. */
  | { phase: "blocked" }
  | { phase: "leaving"; account: string }
  | { phase: "waiting"; flow: Flow; account: string; window: "open" | "looks-closed"; slow: boolean }
  | { phase: "finishing"; account: string }
  | { phase: "connected"; connection: Connection }
  | { phase: "failed"; trouble: Trouble }
  | { phase: "cancelled" };

export type AuthorizationEvent =
  | { type: "started" }
  | { type: "checking" }
  | { type: "blocked" }
  | { type: "leaving"; account: string }
  | { type: "waiting"; flow: Flow; account: string }
  | { type: "looks-closed" }
  | { type: "slow" }
  | { type: "answered" }
  | { type: "connected"; connection: Connection }
  | { type: "failed"; trouble: Trouble }
  | { type: "cancelled" }
  | { type: "reset" };

export const IDLE: Authorization = { phase: "idle" };

/** Pure; an event that makes no sense in the present phase changes nothing. */
export function advance(now: Authorization, event: AuthorizationEvent): Authorization {
  switch (event.type) {
    case "started":
      return isUnderWay(now) ? now : { phase: "saving" };
    case "checking":
      return isUnderWay(now) ? now : { phase: "checking" };
    case "blocked":
      return now.phase === "saving" ? { phase: "blocked" } : now;
    case "leaving":
      return now.phase === "saving" ? { phase: "leaving", account: event.account } : now;
    case "waiting":
      if (now.phase !== "saving") return now;
      return {
        phase: "waiting",
        flow: event.flow,
        account: event.account,
        window: "open",
        slow: false,
      };
    case "looks-closed":
      return now.phase === "waiting" ? { ...now, window: "looks-closed" } : now;
    case "slow":
      return now.phase === "waiting" ? { ...now, slow: true } : now;
    case "answered":
      return now.phase === "waiting" ? { phase: "finishing", account: now.account } : now;
    case "connected":
      return isUnderWay(now) ? { phase: "connected", connection: event.connection } : now;
    case "failed":
      return isUnderWay(now) ? { phase: "failed", trouble: event.trouble } : now;
    case "cancelled":
      return isUnderWay(now) ? { phase: "cancelled" } : now;
    case "reset":
      return isUnderWay(now) ? now : IDLE;
  }
}

export function isUnderWay(now: Authorization): boolean {
  return ["saving", "checking", "leaving", "waiting", "finishing"].includes(now.phase);
}

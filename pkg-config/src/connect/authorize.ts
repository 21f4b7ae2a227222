import type { AuthorizationEvent } from "./authorization.js";
import { begin, type FlowSettings } from "./flows.js";
import { type Pending, type PendingStore, pendingId } from "./pending.js";
import type { Popup } from "./popup.js";
import { either, unlessAborted } from "./signals.js";
import { troubleFrom } from "./trouble.js";
import type { Connection, Target } from "./types.js";
import { waitForAnswer } from "./waiting.js";

const LOCK_WITHIN_MS = 2_000;

/** What the page around it lends an authorization. */
export interface Surroundings {
  settings: FlowSettings;
  pending: PendingStore;
  openWindow: () => Popup | undefined;
  leaveFor: (url: string) => void;
}

export interface Running {
  cancel: () => void;
}

export type Emit = (event: AuthorizationEvent) => void;

/**
 * Call it inside the click: the popup opens before anything is awaited. `prepare` is not aborted by Cancel: a save that
 * was begun is seen through, so that none is made twice.
 */
export function authorize(prepare: () => Promise<Target>, around: Surroundings, emit: Emit): Running {
  const { mode } = around.settings;
  around.pending.drop();
  emit({ type: "started" });
  const popup = mode === "popup" ? around.openWindow() : undefined;
  if (mode === "popup" && popup === undefined) {
    emit({ type: "blocked" });
    return { cancel: () => {} };
  }
  return run(emit, popup, around, async (signal) => {
    const target = await unlessAborted(prepare(), signal);
    const begun = await begin(target, around.settings, signal);
    signal.throwIfAborted();
    around.pending.keep(begun.pending);
    if (popup === undefined) {
      emit({ type: "leaving", account: begun.pending.account });
      around.leaveFor(begun.authorizationUrl);
      return undefined;
    }
    void holdLock(begun.pending, signal).then((release) => {
      signal.addEventListener("abort", release);
    }, ignore);
    // Listens before the window goes anywhere: an answer may come at once.
    const answer = waitForAnswer(begun.pending, around, emit, signal, popup);
    popup.go(begun.authorizationUrl);
    return answer;
  });
}

/**
 * Goes on after a redirect, or waits on after a reload, when the window of before may still be open. A duplicated tab has
 * a copy of the pending transaction too, and leaves it to the tab that holds its lock; only one tab comes back.
 */
export function resume(pending: Pending, around: Surroundings, emit: Emit): Running {
  if (pending.mode === "redirect") {
    emit({ type: "started" });
    return run(emit, undefined, around, (signal) => waitForAnswer(pending, around, emit, signal));
  }
  const abort = new AbortController();
  void holdLock(pending, either(abort.signal, AbortSignal.timeout(LOCK_WITHIN_MS))).then(
    (release) => {
      emit({ type: "started" });
      const running = run(emit, undefined, around, (signal) => {
        signal.addEventListener("abort", release);
        return waitForAnswer(pending, around, emit, signal);
      });
      abort.signal.addEventListener("abort", running.cancel);
    },
    () => around.pending.drop(),
  );
  return { cancel: () => abort.abort() };
}

/** Resolves to the lock's release once this tab holds it. Where there are no locks (plain http), every tab does. */
function holdLock(pending: Pending, within: AbortSignal): Promise<() => void> {
  return new Promise((resolve, reject) => {
    if (!("locks" in navigator)) return resolve(ignore);
    const name = `zendesk-auth:${pendingId(pending)}`;
    const held = (): Promise<void> => new Promise((release) => resolve(release));
    navigator.locks.request(name, { signal: within }, held).catch(reject);
  });
}

function run(
  emit: Emit,
  popup: Popup | undefined,
  around: Surroundings,
  work: (signal: AbortSignal) => Promise<Connection | undefined>,
): Running {
  const abort = new AbortController();
  const finish = async (): Promise<void> => {
    try {
      const connection = await work(abort.signal);
      if (connection === undefined) return;
      around.pending.drop();
      emit({ type: "connected", connection });
    } catch (failure) {
      // Whoever cancels drops it as well, at once: by now another authorization may have kept its own.
      if (!abort.signal.aborted) around.pending.drop();
      if (abort.signal.aborted) emit({ type: "cancelled" });
      else emit({ type: "failed", trouble: troubleFrom(failure) });
    }
    abort.abort();
    popup?.close();
  };
  void finish();
  return { cancel: () => abort.abort() };
}

function ignore(): void {}

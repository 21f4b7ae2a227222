import type { AuthorizationEvent } from "./authorization.js";
import { type Channel, type Message, openChannel, stateOf } from "./channel.js";
import {
  type Begun,
  beginHandOff,
  beginWorkerHeld,
  type FlowSettings,
  finishHandOff,
  pause,
  pollWorkerHeld,
} from "./flows.js";
import { type Pending, type PendingStore, pendingId } from "./pending.js";
import type { Popup } from "./popup.js";
import { trouble, troubleFrom } from "./trouble.js";
import type { Connection, Flow, Mode, Profile } from "./types.js";

const SLOW_AFTER_MS = 20_000;
const LOOK_AT_WINDOW_EVERY_MS = 500;
const LOCK_WITHIN_MS = 2_000;

/** What the page around it lends an authorization. */
export interface Surroundings {
  settings: FlowSettings;
  pending: PendingStore;
  openWindow: () => Popup | undefined;
  leaveFor: (url: string) => void;
}

export interface AuthorizeRequest {
  flow: Flow;
  mode: Mode;
  /** Not aborted by Cancel: a save that was begun is seen through, so that none is made twice. */
  saveProfile: () => Promise<Profile>;
}

export interface Running {
  cancel: () => void;
}

type Emit = (event: AuthorizationEvent) => void;

/** Call it inside the click: the popup opens before anything is awaited. */
export function authorize(request: AuthorizeRequest, around: Surroundings, emit: Emit): Running {
  around.pending.drop();
  emit({ type: "started" });
  const popup = request.mode === "popup" ? around.openWindow() : undefined;
  if (request.mode === "popup" && popup === undefined) {
    emit({ type: "blocked" });
    return { cancel: () => {} };
  }
  return run(emit, popup, around, async (signal) => {
    const profile = await unlessAborted(request.saveProfile(), signal);
    const begun = await begin(request, profile, around.settings, signal);
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
 * Goes on waiting after a reload; the window of before may still be open. A duplicated tab has a copy of
 * the pending transaction too, and leaves it to the tab that holds its lock.
 */
export function resume(pending: Pending, around: Surroundings, emit: Emit): Running {
  const abort = new AbortController();
  void holdLock(pending, AbortSignal.any([abort.signal, AbortSignal.timeout(LOCK_WITHIN_MS)])).then(
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

/** Resolves to the lock's release once this tab holds it. */
function holdLock(pending: Pending, within: AbortSignal): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const name = `zendesk-auth:${pendingId(pending)}`;
    const held = (): Promise<void> => new Promise((release) => resolve(release));
    navigator.locks.request(name, { signal: within }, held).catch(reject);
  });
}

function begin(
  request: AuthorizeRequest,
  profile: Profile,
  settings: FlowSettings,
  signal: AbortSignal,
): Promise<Begun> {
  return request.flow === "hand-off"
    ? beginHandOff(profile, request.mode, settings)
    : beginWorkerHeld(profile, request.mode, settings, signal);
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
      around.pending.drop();
      if (abort.signal.aborted) emit({ type: "cancelled" });
      else emit({ type: "failed", trouble: troubleFrom(failure) });
    }
    abort.abort();
    popup?.close();
  };
  void finish();
  return { cancel: () => abort.abort() };
}

async function waitForAnswer(
  pending: Pending,
  around: Surroundings,
  emit: Emit,
  cancelled: AbortSignal,
  popup?: Popup,
): Promise<Connection> {
  const over = new AbortController();
  const signal = AbortSignal.any([cancelled, over.signal]);
  emit({ type: "waiting", flow: pending.flow, account: pending.account });
  void pause(SLOW_AFTER_MS, signal).then(() => emit({ type: "slow" }), ignore);
  if (popup !== undefined) void watchWindow(popup, emit, signal).catch(ignore);
  try {
    return await Promise.race([
      pending.flow === "hand-off"
        ? answerOfHandOff(pending, around, emit, signal)
        : answerOfWorkerHeld(pending, around, emit, signal),
      timeOut(pending, signal),
    ]);
  } finally {
    over.abort();
  }
}

async function answerOfHandOff(
  pending: Extract<Pending, { flow: "hand-off" }>,
  around: Surroundings,
  emit: Emit,
  signal: AbortSignal,
): Promise<Connection> {
  const { state } = pending.transaction;
  const url = await listen(signal, (message, channel) => {
    // Callbacks of other tabs and windows pass by here too.
    if (message.type !== "zendesk-auth:callback" || stateOf(message.url) !== state) return undefined;
    channel.post({ type: "zendesk-auth:taken", state });
    return message.url;
  });
  around.pending.drop();
  emit({ type: "answered" });
  return finishHandOff(url, pending, around.settings.api, signal);
}

function answerOfWorkerHeld(
  pending: Extract<Pending, { flow: "worker-held" }>,
  around: Surroundings,
  emit: Emit,
  signal: AbortSignal,
): Promise<Connection> {
  const told = listen(signal, (message) =>
    message.type === "zendesk-auth" && message.transaction === pendingId(pending) ? true : undefined,
  );
  told.catch(ignore);
  let nudged = false;
  const nudge = async (): Promise<void> => {
    // Once is enough: after it, the poll's own pace holds.
    if (nudged) return new Promise(() => {});
    await told;
    nudged = true;
    emit({ type: "answered" });
  };
  return pollWorkerHeld(pending.id, around.settings.api, signal, nudge);
}

function listen<T>(signal: AbortSignal, pick: (message: Message, channel: Channel) => T | undefined): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    signal.throwIfAborted();
    const channel = openChannel((message) => {
      const picked = pick(message, channel);
      if (picked === undefined) return;
      channel.close();
      resolve(picked);
    });
    signal.addEventListener("abort", () => {
      channel.close();
      reject(signal.reason);
    });
  });
}

async function watchWindow(popup: Popup, emit: Emit, signal: AbortSignal): Promise<void> {
  while (!popup.looksClosed()) await pause(LOOK_AT_WINDOW_EVERY_MS, signal);
  emit({ type: "looks-closed" });
}

async function timeOut(pending: Pending, signal: AbortSignal): Promise<never> {
  await pause(Math.max(0, pending.expiresAt - Date.now()), signal);
  throw trouble("authorization_timed_out");
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

function ignore(): void {}

import type { Emit, Surroundings } from "./authorize.js";
import { type Channel, type Message, openChannel, stateOf } from "./channel.js";
import { finishHandOff, pollWorkerHeld } from "./flows.js";
import { type Pending, type PendingHandOff, pendingId } from "./pending.js";
import type { Popup } from "./popup.js";
import { either, pause } from "./signals.js";
import { trouble } from "./trouble.js";
import type { Connection } from "./types.js";

const SLOW_AFTER_MS = 20_000;
const LOOK_AT_WINDOW_EVERY_MS = 500;

/** From the moment that Zendesk's page opens until somebody has answered there. */
export async function waitForAnswer(
  pending: Pending,
  around: Surroundings,
  emit: Emit,
  cancelled: AbortSignal,
  popup?: Popup,
): Promise<Connection> {
  const over = new AbortController();
  const signal = either(cancelled, over.signal);
  emit({ type: "waiting", flow: pending.flow, account: pending.account });
  // Whoever comes back has answered.
  if (pending.mode === "redirect") emit({ type: "answered" });
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
  pending: PendingHandOff,
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
  // Single use: what comes after it finds nothing.
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

function ignore(): void {}

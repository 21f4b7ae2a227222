import { adviceFor } from "./advice.js";
import { Api, ownerOf } from "./api.js";
import { openChannel, stateOf } from "./channel.js";
import { finishHandOff } from "./flows.js";
import { type Outcome, type PendingHandOff, PendingStore, sessionStore } from "./pending.js";
import type { FinishCallbackOptions, FinishedCallback } from "./public.js";
import { trouble, troubleFrom } from "./trouble.js";
import { chooseLanguage, wordsOf } from "./words.js";

const TAKEN_WITHIN_MS = 3_000;
const REPEAT_EVERY_MS = 400;
const LINGER_MS = 300;

/**
 * For the page that `redirect-uri` names. Zendesk comes back there with the code: in a popup the address goes to the page
 * that waits; after a redirect this page finishes the work itself, so that the code is never stored and stands in no second
 * address. Then the popup closes, or the browser goes back to where it came from.
 *
 * @returns How it ended: `handed-over`, `leaving`, or `unexpected` where nobody waits for this answer.
 */
export async function finishCallback(options: FinishCallbackOptions = {}): Promise<FinishedCallback> {
  const url = location.href;
  history.replaceState(null, "", location.pathname);
  const place = options.into === undefined ? (document.querySelector("main") ?? document.body) : options.into;
  const words = await wordsOf(chooseLanguage(options.language ?? "", place ?? document.documentElement));
  const say = (title: string, text: string): void => {
    if (place !== null) show(place, title, text);
  };
  const pending = pendingRedirect();
  if (pending !== undefined && pending.transaction.state === stateOf(url)) {
    say(words.text("ui.finishing.title"), words.text("ui.finishing.text"));
    return { status: await finishRedirect(url, pending, options) };
  }
  say(words.text("ui.finishing.title"), words.text("ui.callback_page.closes"));
  if (await offered(url)) {
    say(words.text("ui.callback_page.done"), words.text("page.close"));
    setTimeout(() => close(), LINGER_MS);
    return { status: "handed-over" };
  }
  // Nobody waits: in a tab that started a redirect, this is an answer to something else.
  if (pending !== undefined) return { status: await finishRedirect(url, pending, options) };
  const advice = adviceFor({ code: "callback_unexpected", message: "" }, words);
  say(advice.title, [...advice.text, " ", ...(advice.next ?? [])].join(""));
  return { status: "unexpected" };
}

function pendingRedirect(): PendingHandOff | undefined {
  const pending = new PendingStore(sessionStore()).peek();
  return pending?.flow === "hand-off" && pending.mode === "redirect" ? pending : undefined;
}

/** Whether a waiting page said that the callback is its own. */
function offered(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const channel = openChannel((message) => {
      if (message.type === "zendesk-auth:taken" && message.state === stateOf(url)) done(true);
    });
    const offer = (): void => channel.post({ type: "zendesk-auth:callback", url });
    const repeat = setInterval(offer, REPEAT_EVERY_MS);
    const limit = setTimeout(() => done(false), TAKEN_WITHIN_MS);
    offer();
    function done(taken: boolean): void {
      clearInterval(repeat);
      clearTimeout(limit);
      channel.close();
      resolve(taken);
    }
  });
}

async function finishRedirect(
  url: string,
  pending: PendingHandOff,
  { session }: FinishCallbackOptions,
): Promise<"leaving"> {
  const store = new PendingStore(sessionStore());
  // Single use: gone before it is judged.
  store.drop();
  const { worker, flow, returnTo } = pending;
  let { owner } = pending;
  const api = new Api({ worker, session: () => session });
  let outcome: Outcome;
  try {
    const now = ownerOf(await api.whose());
    if (now !== owner) {
      // The page to go back to is somebody else's by now: they are told, and get nothing.
      owner = now;
      throw trouble("callback_other_subject");
    }
    const { id } = await finishHandOff(url, pending, api);
    outcome = { worker, owner, flow, status: "connected", connection: id };
  } catch (failure) {
    outcome = { worker, owner, flow, status: "failed", trouble: troubleFrom(failure) };
  }
  store.keepOutcome(outcome);
  location.replace(sameOrigin(returnTo));
  return "leaving";
}

/** A page may take its `return-to` from elsewhere, and nothing but the worker's own list would stop it there. */
function sameOrigin(returnTo: string): string {
  return new URL(returnTo, location.href).origin === location.origin ? returnTo : location.origin;
}

function show(place: Element, title: string, text: string): void {
  const heading = document.createElement("h1");
  heading.textContent = title;
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  paragraph.setAttribute("role", "status");
  place.replaceChildren(heading, paragraph);
}

import { html, render, type TemplateResult } from "lit";
import { Api, mintConsoleSession } from "./connect/api.js";
import { openChannel, stateOf } from "./connect/channel.js";
import { finishHandOff } from "./connect/flows.js";
import { adviceFor } from "./connect/messages.js";
import { type Outcome, type Pending, PendingStore } from "./connect/pending.js";
import { trouble, troubleFrom } from "./connect/trouble.js";

/**
 * Zendesk comes back here with the code. In a popup the URL goes to the page that waits; by redirect this
 * page finishes the work itself, so that the code is never stored and stands in no second URL.
 */
const TAKEN_WITHIN_MS = 3_000;
const REPEAT_EVERY_MS = 400;
const LINGER_MS = 300;

const callbackUrl = location.href;
const hasAnswer = location.search !== "";
history.replaceState(null, "", location.pathname);
let shown = false;
const pendingStore = new PendingStore(sessionStorage);

if (!hasAnswer) {
  show("Opening Zendesk…", html`<p>Your settings are being saved. Zendesk's page opens here next.</p>`, true);
} else {
  const pending = pendingStore.peek();
  if (isOwnRedirect(pending, callbackUrl)) await finishRedirect(pending);
  else await handToWaitingPage(pending);
}

type HandOff = Extract<Pending, { flow: "hand-off" }>;

function isOwnRedirect(pending: Pending | undefined, url: string): pending is HandOff {
  return pending?.flow === "hand-off" && pending.mode === "redirect" && pending.transaction.state === stateOf(url);
}

async function handToWaitingPage(pending: Pending | undefined): Promise<void> {
  show("Connecting…", html`<p>This window closes by itself.</p>`, true);
  if (await offered(callbackUrl)) {
    show("Done", html`<p>You can close this window and go back to the page you came from.</p>`);
    setTimeout(() => window.close(), LINGER_MS);
    return;
  }
  // Nobody waits: in a tab that started a redirect, this is an answer to something else.
  if (pending?.flow === "hand-off" && pending.mode === "redirect") return finishRedirect(pending);
  const advice = adviceFor({ code: "callback_unexpected", message: "" });
  show(
    advice.title,
    html`<p>${advice.text}</p>
      <p><a class="button primary" href="/">Open the console</a></p>`,
  );
}

/** Whether a waiting page said that the callback is its own. */
function offered(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const channel = openChannel((message) => {
      if (message.type === "zendesk-auth:taken" && message.state === stateOf(url)) done(true);
    });
    const offer = () => channel.post({ type: "zendesk-auth:callback", url });
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

async function finishRedirect(pending: HandOff): Promise<void> {
  show("Connecting…", html`<p>Zendesk has answered. The worker exchanges the code.</p>`, true);
  pendingStore.drop();
  const { profile, flow } = pending;
  let outcome: Outcome;
  try {
    const api = new Api({ baseUrl: location.origin, mintSession: () => mintConsoleSession("/console/session") });
    const connection = await finishHandOff(callbackUrl, pending, api);
    outcome = { profile, flow, status: "connected", connection: connection.id };
  } catch (failure) {
    outcome = { profile, flow, status: "failed", trouble: troubleFrom(failure) };
  }
  pendingStore.keepOutcome(outcome);
  location.replace("/");
}

function show(title: string, body: TemplateResult, busy = false): void {
  const page = document.getElementById("callback");
  if (page === null) throw trouble("unexpected", "the page is incomplete");
  if (!shown) page.replaceChildren();
  shown = true;
  render(html`${busy ? html`<span class="spinner" aria-hidden="true"></span>` : null}<h1>${title}</h1>${body}`, page);
}

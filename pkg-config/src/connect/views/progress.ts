import { html, nothing } from "lit";
import type { Authorization } from "../authorization.js";
import { type Context, prose, spinner, type View, when } from "./context.js";

/** What happens between the click and its end. */
export function progressCard(context: Context): View {
  const { words, model } = context;
  const now = context.state.running;
  const { title, text, account } = wording(now);
  const isStuck = now.phase === "waiting" && (now.window === "looks-closed" || now.slow);
  const button = (key: string, click: () => void) =>
    html`<button type="button" part="button" @click=${click}>${words.text(key)}</button>`;
  return html`<section class="card progress" part="card progress" aria-labelledby="progress-title" aria-busy="true">
    <div class="head">
      ${spinner()}
      <h2 id="progress-title" tabindex="-1">${words.text(title, { account })}</h2>
    </div>
    <p>${words.text(text, { account })}</p>
    <div role="status">${now.phase === "waiting" ? hints(context, now) : nothing}</div>
    ${when(
      now.phase !== "checking",
      () => html`<div class="actions">
        ${button("ui.cancel", () => model.cancel())}
        ${when(isStuck && model.canTryAgain, () => [
          button("ui.again", () => model.again()),
          button("ui.in_this_tab", () => model.again("redirect")),
        ])}
      </div>`,
    )}
  </section>`;
}

function wording(now: Authorization): { title: string; text: string; account: string } {
  const account = "account" in now ? now.account : "";
  switch (now.phase) {
    case "waiting":
      return { title: "ui.waiting.title", text: "ui.waiting.text", account };
    case "leaving":
      return { title: "ui.leaving.title", text: "ui.leaving.text", account };
    case "finishing":
      return { title: "ui.finishing.title", text: "ui.finishing.text", account };
    case "checking":
      return { title: "ui.checking.title", text: "ui.checking.text", account };
    default:
      return { title: "ui.starting.title", text: "ui.starting.text", account };
  }
}

function hints(context: Context, now: Extract<Authorization, { phase: "waiting" }>): View[] {
  const { words, model } = context;
  const values = { account: now.account };
  const stuck = model.isAdmin ? "ui.stuck.admin" : "ui.stuck.user";
  return [
    now.window === "looks-closed"
      ? html`<div class="hint" part="notice"><p><b>${words.text("ui.closed.title")}</b> ${words.text("ui.closed.text")}</p></div>`
      : nothing,
    now.slow
      ? html`<div class="hint" part="notice">
          <p><b>${words.text("ui.stuck.title")}</b></p>
          <p>${prose(context, stuck, values)}</p>
        </div>`
      : nothing,
  ];
}

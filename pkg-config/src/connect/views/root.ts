import { html, type TemplateResult } from "lit";
import { isUnderWay } from "../authorization.js";
import { adminView } from "./admin.js";
import { type Context, spinner, type View } from "./context.js";
import { notices, troubleNotice } from "./notice.js";
import { progressCard } from "./progress.js";
import { userView } from "./user.js";

export function rootView(context: Context): TemplateResult {
  return html`<div class="root" part="base" id="content" tabindex="-1" lang=${context.words.language}>
    ${content(context)}
    <p class="visually-hidden" role="status">${context.state.announcement}</p>
  </div>`;
}

function content(context: Context): View | View[] {
  const { state, words, model } = context;
  if (state.phase === "loading") {
    return html`<p class="loading">${spinner()} ${words.text("ui.loading")}</p>`;
  }
  if (state.phase === "failed" && state.loadTrouble !== undefined) {
    return html`${troubleNotice(context, state.loadTrouble)}
      <div class="actions">
        <button type="button" class="primary" part="button primary-button" @click=${() => void model.retry()}>
          ${words.text("ui.reload")}
        </button>
      </div>`;
  }
  if (isUnderWay(state.running)) return progressCard(context);
  return [...notices(context), ...(model.isAdmin ? adminView(context) : userView(context))];
}

import { html, nothing, type TemplateResult } from "lit";
import type { Authorization } from "../connect/authorization.js";
import { adviceFor, technicalDetail } from "../connect/messages.js";
import type { Trouble } from "../connect/trouble.js";
import { prose } from "./field.js";

export interface NoticeActions {
  useRedirect: () => void;
  tryAgain: () => void;
  dismiss: () => void;
}

/** How the last authorization ended, where it did not end connected. */
export function endNotice(now: Authorization, actions: NoticeActions): TemplateResult | typeof nothing {
  switch (now.phase) {
    case "failed":
      return troubleNotice(now.trouble, actions.dismiss);
    case "blocked":
      return html`<section class="notice warn" role="alert" aria-labelledby="notice-title">
        <h2 id="notice-title" tabindex="-1">Your browser blocked the window</h2>
        <p>Zendesk can open in this tab instead and comes back here afterwards. What you typed is kept.</p>
        <div class="actions">
          <button type="button" class="button primary" @click=${actions.useRedirect}>Continue in this tab</button>
          <button type="button" class="button" @click=${actions.tryAgain}>Try the window again</button>
        </div>
      </section>`;
    case "cancelled":
      return html`<section class="notice" role="status" aria-labelledby="notice-title">
        <h2 id="notice-title" tabindex="-1">Cancelled</h2>
        <p>Nothing was connected. What you typed is still here.</p>
      </section>`;
    default:
      return nothing;
  }
}

export function troubleNotice(trouble: Trouble, dismiss?: () => void): TemplateResult {
  const advice = adviceFor(trouble);
  return html`<section class="notice bad" role="alert" aria-labelledby="notice-title">
    <h2 id="notice-title" tabindex="-1">${advice.title}</h2>
    <p>${prose(advice.text)}</p>
    ${
      advice.next === undefined
        ? nothing
        : advice.next.length === 1
          ? html`<p>${advice.next[0]}</p>`
          : html`<ol>
              ${advice.next.map((step) => html`<li>${step}</li>`)}
            </ol>`
    }
    <p class="technical">Code: <code>${technicalDetail(trouble)}</code></p>
    ${
      dismiss === undefined
        ? nothing
        : html`<button type="button" class="button small" @click=${dismiss}>Dismiss</button>`
    }
  </section>`;
}

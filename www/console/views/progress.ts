import { html, nothing, type TemplateResult } from "lit";
import type { Authorization } from "../connect/authorization.js";

export interface ProgressActions {
  cancel: () => void;
  tryAgain: () => void;
}

/** What happens between the click on Authorize and its end. */
export function progressCard(now: Authorization, actions: ProgressActions): TemplateResult {
  const { title, body } = wording(now);
  return html`<section class="card progress" aria-labelledby="progress-title" aria-busy="true">
    <div class="progress-head">
      <span class="spinner" aria-hidden="true"></span>
      <h2 id="progress-title" tabindex="-1">${title}</h2>
    </div>
    ${body} ${now.phase === "waiting" ? hints(now) : nothing}
    <div class="actions">
      <button type="button" class="button" @click=${actions.cancel}>Cancel</button>
      ${
        now.phase === "waiting" && (now.window === "looks-closed" || now.slow)
          ? html`<button type="button" class="button" @click=${actions.tryAgain}>Try again</button>`
          : nothing
      }
    </div>
  </section>`;
}

function wording(now: Authorization): { title: string; body: TemplateResult } {
  switch (now.phase) {
    case "waiting":
      return {
        title: `Waiting for ${now.account}`,
        body: html`<p>
          Zendesk asks you in the other window to sign in and to allow access. This page goes on by itself once you have
          answered.
        </p>`,
      };
    case "leaving":
      return { title: "Going to Zendesk", body: html`<p>This tab opens the page of ${now.account} now.</p>` };
    case "finishing":
      return {
        title: "Finishing",
        body: html`<p>Zendesk has answered. The worker exchanges the code and asks who has authorized.</p>`,
      };
    default:
      return { title: "Saving the profile", body: html`<p>Zendesk opens as soon as it is saved.</p>` };
  }
}

function hints(now: Extract<Authorization, { phase: "waiting" }>): TemplateResult {
  return html`<div role="status">
    ${
      now.window === "looks-closed"
        ? html`<p class="hint"><b>The window looks closed. Still waiting…</b> If you closed it, choose Try again.</p>`
        : nothing
    }
    ${
      now.slow
        ? html`<div class="hint">
            <b>Zendesk shows an error such as “No such client”?</b>
            <p>
              Then the client ID is not known on <b>${now.account}</b>, and Zendesk never comes back here by itself.
              Close the window, choose Cancel, and compare <b>Client ID</b> with <b>Unique identifier</b> in that account's
              Admin Center, and <b>Client kind</b> with its kind. A client of another account, or of its sandbox, is not
              known either.
            </p>
          </div>`
        : nothing
    }
  </div>`;
}

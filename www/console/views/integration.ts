import { html, nothing, type TemplateResult } from "lit";
import type { App } from "../app.js";
import { mintSession } from "../session.js";
import type { Settings } from "../settings.js";
import { isOpenToUsers } from "../state.js";
import type { Integration } from "../types.js";

const asAdmin = () => mintSession();

export function integrationView(app: App): TemplateResult {
  const { settings, integration } = app.state;
  return html`<div class="columns">
    <div>
      <zendesk-connect
        .session=${asAdmin}
        flow=${settings.flow}
        mode=${settings.mode}
        redirect-uri="${location.origin}/console/callback"
        return-to="${location.origin}/"
        language=${settings.language || nothing}
        @zendesk-integration=${({ detail }: CustomEvent<{ integration: Integration }>) =>
          app.integrationChanged(detail.integration)}
      ></zendesk-connect>
    </div>
    <aside class="side">
      ${
        isOpenToUsers(integration)
          ? html`<section class="card next" aria-labelledby="next-title">
              <h2 id="next-title">Users can connect now</h2>
              <p>Send one of them an <a href="#links">authorization link</a>, or <a href="#users">try it as a user</a>.</p>
            </section>`
          : nothing
      }
      ${settingsCard(app)}
    </aside>
  </div>`;
}

function settingsCard(app: App): TemplateResult {
  return html`<section class="card settings" aria-labelledby="settings-title">
    <h2 id="settings-title">Try it another way</h2>
    <p class="muted">What a page chooses with the attributes of <code>&lt;zendesk-connect&gt;</code>.</p>
    ${choice(app, "flow", "Who keeps the transaction", {
      "hand-off": "This browser (hand-off)",
      "worker-held": "The worker (worker-held)",
    })}
    ${choice(app, "mode", "Zendesk opens in", { popup: "A window (popup)", redirect: "This tab (redirect)" })}
    ${choice(app, "language", "Language", { "": "As the browser says", ...LANGUAGES })}
  </section>`;
}

export const LANGUAGES = { en: "English", de: "Deutsch", es: "Español", ja: "日本語", pt: "Português" };

function choice(app: App, name: keyof Settings, label: string, options: Record<string, string>): TemplateResult {
  return html`<div class="field">
    <label for="settings-${name}">${label}</label>
    <select
      id="settings-${name}"
      @change=${(event: Event) => app.choose({ [name]: (event.target as HTMLSelectElement).value })}
    >
      ${Object.entries(options).map(
        ([value, text]) =>
          html`<option value=${value} lang=${name === "language" && value !== "" ? value : nothing} ?selected=${
            app.state.settings[name] === value
          }>${text}</option>`,
      )}
    </select>
  </div>`;
}

import { html, type TemplateResult } from "lit";
import type { FormContext } from "./form.js";

export function callbackUrlBlock({ callbackUrl, copied, actions }: FormContext): TemplateResult {
  return html`<div class="callback-url">
    <label for="callback-url">Callback URL</label>
    <p class="help" id="callback-url-help">
      Copy it into <b>Redirect URLs</b> of the OAuth client. Zendesk compares it character by character:
      <code>localhost</code> and <code>127.0.0.1</code> are two different addresses. Plain http is allowed for these two
      only.
    </p>
    <div class="control">
      <input
        id="callback-url"
        type="text"
        readonly
        .value=${callbackUrl}
        aria-describedby="callback-url-help"
        @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()}
      />
      <button type="button" class="button inside" aria-label="${copied ? "Copied" : "Copy"} the callback URL" @click=${actions.copyCallbackUrl}>
        ${copied ? "Copied" : "Copy"}
      </button>
    </div>
  </div>`;
}

import { html, type TemplateResult } from "lit";
import type { Flow } from "../connect/types.js";
import { textField } from "./field.js";
import type { FormContext } from "./form.js";

export function advancedSection(context: FormContext): TemplateResult {
  const { flow, mode, actions, advancedOpen } = context;
  const flowChoice = (value: Flow, label: string, help: string) =>
    html`<label class="choice">
      <input
        type="radio"
        name="flow"
        value=${value}
        .checked=${flow === value}
        @change=${() => actions.choose({ flow: value })}
      />
      <span><b>${label}</b><span class="help">${help}</span></span>
    </label>`;
  return html`<details
    class="disclosure advanced"
    .open=${advancedOpen}
    @toggle=${(event: Event) => actions.openAdvanced((event.target as HTMLDetailsElement).open)}
  >
    <summary>Advanced</summary>
    ${textField(context, {
      field: "authorizationUrl",
      label: "Authorization URL",
      type: "url",
      help: html`<code>{subdomain}</code> stands for the subdomain above. Any other host is refused.`,
    })}
    ${textField(context, {
      field: "tokenUrl",
      label: "Token URL",
      type: "url",
      help: "Where the worker exchanges the code, with the client secret.",
    })}
    <fieldset class="field choices">
      <legend>Who keeps the transaction</legend>
      ${flowChoice(
        "hand-off",
        "This browser hands the code to the worker",
        "State and code verifier are made here and kept in this tab until Zendesk answers.",
      )}
      ${flowChoice(
        "worker-held",
        "The worker keeps it",
        "This browser holds nothing; the worker's own callback URL is used, which has to be registered too.",
      )}
    </fieldset>
    <label class="choice">
      <input
        type="checkbox"
        name="redirect"
        .checked=${mode === "redirect"}
        @change=${(event: Event) =>
          actions.choose({ mode: (event.target as HTMLInputElement).checked ? "redirect" : "popup" })}
      />
      <span>
        <b>Use a redirect instead of a popup</b>
        <span class="help">This tab goes to Zendesk and comes back.</span>
      </span>
    </label>
  </details>`;
}

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { type Field, shownProblem } from "../connect/form.js";
import { sentence } from "../connect/messages.js";
import type { FormContext } from "./form.js";

export interface TextField {
  field: Field;
  label: string;
  help: TemplateResult | string;
  type?: "text" | "password" | "url";
  autocomplete?: string;
  /** Read-only text after the input, such as the account's domain. */
  suffix?: string;
  /** A button at the input's end. */
  action?: TemplateResult;
  /** Shown below the input while there is no problem. */
  feedback?: TemplateResult | typeof nothing;
  optional?: boolean;
}

export function textField(context: FormContext, field: TextField): TemplateResult {
  const { form, verdict, actions } = context;
  const problem = shownProblem(form, verdict, field.field);
  const id = fieldId(field.field);
  const warning = verdict.warnings.find((each) => each.field === field.field);
  return html`<div class="field ${problem === undefined ? "" : "has-problem"}">
    <label for=${id}>${field.label}${field.optional ? html` <span class="optional">optional</span>` : nothing}</label>
    <p class="help" id="${id}-help">${field.help}</p>
    <div class="control">
      <input
        id=${id}
        name=${field.field}
        type=${field.type ?? "text"}
        .value=${live(form.values[field.field])}
        autocomplete=${field.autocomplete ?? "off"}
        autocapitalize="none"
        spellcheck="false"
        aria-describedby="${id}-help ${id}-note"
        aria-invalid=${problem === undefined ? "false" : "true"}
        @input=${(event: InputEvent) => actions.edit(field.field, (event.target as HTMLInputElement).value)}
        @blur=${() => actions.leave(field.field)}
      />
      ${field.suffix === undefined ? nothing : html`<span class="suffix" aria-hidden="true">${field.suffix}</span>`}
      ${field.action ?? nothing}
    </div>
    <div id="${id}-note" class="note" aria-live="polite">
      ${problem === undefined ? (field.feedback ?? nothing) : problemText(problem.message)}
      ${warning === undefined || problem !== undefined ? nothing : html`<p class="warning">${prose(warning.message)}</p>`}
    </div>
  </div>`;
}

export function problemText(message: string): TemplateResult {
  return html`<p class="problem">${prose(message)}</p>`;
}

/** Messages carry examples in backticks. */
export function prose(message: string): (string | TemplateResult)[] {
  return sentence(message)
    .split("`")
    .map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}

export function fieldId(field: string): string {
  return `field-${field}`;
}

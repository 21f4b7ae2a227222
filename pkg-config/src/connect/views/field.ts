import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { shownProblem, type Verdict } from "../form.js";
import { type FieldDescription, isRequired } from "../forms.js";
import { type Context, code, prose, type View, when } from "./context.js";

export const fieldId = (field: string): string => `field-${field}`;

interface Parts {
  type: "text" | "password" | "url" | "email";
  /** Read-only text after the input, such as the account's domain. */
  suffix?: string;
  /** A button at the input's end. */
  action?: View;
  /** Shown below the input while there is no problem. */
  feedback?: View;
}

/** One line of text, with its label, help, where to find the value, and what is wrong with it. */
export function textField(context: Context, field: FieldDescription, verdict: Verdict, parts: Parts): View {
  const { state, words, forms } = context;
  const { form } = state;
  if (form === undefined) return nothing;
  const { name } = field;
  const id = fieldId(name);
  const problem = shownProblem(form, verdict, name);
  const warning = problem === undefined ? verdict.warnings.find((each) => each.field === name) : undefined;
  const required = isRequired(field, form.values);
  return html`<div class="field ${problem === undefined ? "" : "has-problem"}" part="field">
    <label for=${id}>
      ${words.text(`field.${name}.label`)}
      ${when(!required, () => html`<span class="optional">${words.text("ui.optional")}</span>`)}
    </label>
    ${fieldHelp(context, name)}
    <div class="control" part="control">
      <input
        id=${id}
        part="input"
        name=${name}
        type=${parts.type}
        .value=${live(form.values[name] ?? "")}
        autocomplete=${field.input === "email" ? "email" : "off"}
        autocapitalize="none"
        spellcheck="false"
        aria-required=${required ? "true" : "false"}
        aria-describedby="${id}-help ${id}-note"
        aria-invalid=${problem === undefined ? "false" : "true"}
        @input=${(event: InputEvent) => forms.edit(name, (event.target as HTMLInputElement).value)}
        @blur=${() => context.whenReleased(() => forms.leave(name))}
        @paste=${(event: ClipboardEvent) => {
          if (forms.paste(name, event.clipboardData?.getData("text") ?? "")) event.preventDefault();
        }}
      />
      ${when(parts.suffix, () => html`<span class="suffix" aria-hidden="true">${parts.suffix}</span>`)}
      ${parts.action ?? nothing}
    </div>
    <div id="${id}-note" class="note" aria-live="polite">
      ${problem === undefined ? (parts.feedback ?? nothing) : problemText(context, problem)}
      ${warning === undefined ? nothing : html`<p class="warning">${code(words.error(warning))}</p>`}
    </div>
  </div>`;
}

/** What a field is for, and where in Zendesk its value stands. */
export function fieldHelp(context: Context, name: string): View {
  const find = `field.${name}.find`;
  return html`<p class="help" id="${fieldId(name)}-help">
    ${prose(context, `field.${name}.help`)}
    ${when(context.words.has(find), () => html` <span class="find">${prose(context, find)}</span>`)}
  </p>`;
}

export function problemText({ words }: Context, problem: { code: string; message: string }): View {
  return html`<p class="problem">${code(words.error(problem))}</p>`;
}

import { html, nothing } from "lit";
import { endpoints } from "zendesk-auth";
import { allShownProblems, type FormState, hasSavedSecret, judge, shownFields, type Verdict } from "../form.js";
import type { FieldDescription } from "../forms.js";
import { subdomainIn } from "../target.js";
import { type Context, code, type View, when } from "./context.js";
import { fieldHelp, fieldId, textField } from "./field.js";
import { scopesField } from "./scopes.js";

/** What stands around the fields of a form. */
export interface FormFrame {
  title: string;
  /** Whether the form has a card to itself, and so a heading of the first level. */
  isCard: boolean;
  /** Between the title and the fields. */
  before?: View;
  actions: View;
  submit: () => void;
}

/** A form as the crate describes it: its fields, in its order. */
export function formView(context: Context, frame: FormFrame): View {
  const { form } = context.state;
  if (form === undefined) return nothing;
  const verdict = judge(form, context.accountTemplate);
  const fields = shownFields(form);
  const [advanced, usual] = [fields.filter(isAdvanced), fields.filter((field) => !isAdvanced(field))];
  return html`<form
    class="form"
    part="form"
    novalidate
    aria-labelledby="form-title"
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      frame.submit();
    }}
  >
    ${
      frame.isCard
        ? html`<h2 id="form-title" tabindex="-1">${frame.title}</h2>`
        : html`<h3 id="form-title" tabindex="-1">${frame.title}</h3>`
    }
    ${problemSummary(context, form, verdict)} ${frame.before ?? nothing}
    ${usual.map((field) => fieldView(context, field, form, verdict))}
    ${when(
      advanced.length > 0,
      () => html`<details
        class="disclosure"
        .open=${context.state.advancedOpen}
        @toggle=${(event: Event) => {
          context.model.update({ advancedOpen: (event.target as HTMLDetailsElement).open });
        }}
      >
        <summary>${context.words.text("ui.advanced")}</summary>
        ${advanced.map((field) => fieldView(context, field, form, verdict))}
      </details>`,
    )}
    <div class="actions">${frame.actions}</div>
  </form>`;
}

/** Addresses that hardly anybody changes. */
function isAdvanced({ input }: FieldDescription): boolean {
  return input === "url";
}

function fieldView(context: Context, field: FieldDescription, form: FormState, verdict: Verdict): View {
  switch (field.input) {
    case "choice":
      return choiceField(context, field, form);
    case "scopes":
      return scopesField(context, form, verdict);
    case "secret":
      return secretField(context, field, form, verdict);
    case "subdomain":
      return subdomainField(context, field, form, verdict);
    case "email":
    case "url":
      return textField(context, field, verdict, { type: field.input });
    default:
      return textField(context, field, verdict, { type: "text" });
  }
}

function subdomainField(context: Context, field: FieldDescription, form: FormState, verdict: Verdict): View {
  const { accountTemplate, words } = context;
  const subdomain = subdomainIn(form.values[field.name] ?? "");
  const account = subdomain === undefined ? undefined : endpoints({ subdomain, accountTemplate }).origin;
  const link = html`<a href=${account ?? ""} target="_blank" rel="noopener noreferrer">${account}</a>`;
  return textField(context, field, verdict, {
    type: "text",
    suffix: accountTemplate.split("{subdomain}")[1] ?? "",
    ...(account !== undefined && { feedback: html`<p class="feedback">${words.text("ui.your_account")} ${link}</p>` }),
  });
}

function choiceField({ words, forms, ...context }: Context, field: FieldDescription, form: FormState): View {
  const { name, options = [] } = field;
  return html`<fieldset class="field choices" aria-describedby="${fieldId(name)}-help">
    <legend>${words.text(`field.${name}.label`)}</legend>
    ${fieldHelp({ words, forms, ...context }, name)}
    ${options.map(
      (value, index) =>
        html`<label class="choice" part="choice">
          <input
            type="radio"
            name=${name}
            id=${index === 0 ? fieldId(name) : nothing}
            value=${value}
            .checked=${form.values[name] === value}
            aria-labelledby="option-${value}"
            aria-describedby="option-${value}-help"
            @change=${() => forms.edit(name, value)}
          />
          <span>
            <b id="option-${value}">${words.text(`option.${name}.${value}.label`)}</b>
            <span class="help" id="option-${value}-help">${words.text(`option.${name}.${value}.help`)}</span>
          </span>
        </label>`,
    )}
  </fieldset>`;
}

function secretField(context: Context, field: FieldDescription, form: FormState, verdict: Verdict): View {
  const { words, forms, state } = context;
  const { name } = field;
  const label = words.text(`field.${name}.label`);
  const isSaved = name === "clientSecret" && hasSavedSecret(form);
  if (isSaved && !form.replaceSecret) {
    return html`<div class="field" role="group" aria-labelledby="${fieldId(name)}-label">
      <span class="label" id="${fieldId(name)}-label">${label}</span>
      <div class="saved-secret">
        <span class="badge good" part="badge">${words.text("ui.secret.saved")}</span>
        <span class="muted">${words.text("ui.secret.kept")}</span>
        <button type="button" class="small" part="button" id=${fieldId(name)} @click=${() => forms.replaceSecret(name, true)}>
          ${words.text("ui.secret.replace")}
        </button>
      </div>
    </div>`;
  }
  const isShown = state.secretShown.has(name);
  const action = html`<button
    type="button"
    class="inside"
    part="button"
    aria-label="${words.text(isShown ? "ui.secret.hide" : "ui.secret.show")}: ${label}"
    @click=${() => forms.showSecret(name, !isShown)}
  >
    ${words.text(isShown ? "ui.secret.hide" : "ui.secret.show")}
  </button>`;
  return html`${textField(context, field, verdict, { type: isShown ? "text" : "password", action })}
  ${when(
    isSaved,
    () => html`<button type="button" class="quiet small" part="button" @click=${() => forms.replaceSecret(name, false)}>
      ${words.text("ui.secret.keep")}
    </button>`,
  )}`;
}

function problemSummary({ state, words, model }: Context, form: FormState, verdict: Verdict): View {
  const problems = allShownProblems(form, verdict);
  // A failure's own notice says it already.
  if (!form.submitted || problems.length === 0 || state.running.phase === "failed") return nothing;
  const title = words.text(problems.length === 1 ? "ui.problems.one" : "ui.problems.more", { count: problems.length });
  return html`<div class="summary" part="notice" id="problem-summary" tabindex="-1" role="alert">
    <p><b>${title}</b></p>
    <ul>
      ${problems.map(
        (problem) => html`<li>
          <a
            href="#${fieldId(problem.field)}"
            @click=${(event: Event) => {
              // Anchors do not reach into a shadow tree.
              event.preventDefault();
              model.host.focus(fieldId(problem.field));
            }}
            ><b>${words.text(`field.${problem.field}.label`)}:</b> ${code(words.error(problem))}</a
          >
        </li>`,
      )}
    </ul>
  </div>`;
}

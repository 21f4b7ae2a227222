import { html, nothing } from "lit";
import { type FormState, shownProblem, type Verdict } from "../form.js";
import { BROAD, canNameUser, choiceOf, RESOURCES, type Resource, scopesOf, toggle } from "../scopes.js";
import type { Words } from "../words.js";
import { type Context, code, prose, type View, when } from "./context.js";
import { fieldHelp, fieldId, problemText } from "./field.js";

export function scopesField(context: Context, form: FormState, verdict: Verdict): View {
  const { words, forms } = context;
  const id = fieldId("scope");
  const scope = form.values.scope ?? "";
  const problem = shownProblem(form, verdict, "scope");
  const warnings = verdict.warnings.filter((warning) => warning.field === "scope");
  const granular = scopesOf(scope).filter((name) => name.includes(":")).length;
  const change = (name: string) => (event: Event) =>
    forms.choose("scope", toggle(scope, name, (event.target as HTMLInputElement).checked));
  return html`<fieldset class="field choices" part="field" aria-describedby="${id}-help ${id}-note">
    <legend>${words.text("field.scope.label")}</legend>
    ${fieldHelp(context, "scope")}
    ${BROAD.map(
      (name, index) =>
        html`<label class="choice" part="choice">
          <input
            type="checkbox"
            name="scope"
            id=${index === 0 ? id : nothing}
            value=${name}
            .checked=${choiceOf(scope, name) === "on"}
            aria-labelledby="scope-${name}"
            aria-describedby="scope-${name}-allows"
            @change=${change(name)}
          />
          <span>
            <b id="scope-${name}">${words.text(`ui.scope.${name}`)}</b> <code>${name}</code>
            <span class="help" id="scope-${name}-allows">${words.text(`ui.scope.${name}.allows`)}</span>
          </span>
        </label>`,
    )}
    <details class="disclosure">
      <summary>
        ${words.text("ui.scopes.single")}
        ${when(granular, () => html`<span class="badge">${words.text("ui.scopes.chosen", { count: granular })}</span>`)}
      </summary>
      <p class="help">${words.text("ui.scopes.single_help")}</p>
      <ul class="resources">
        ${RESOURCES.map((resource) => resourceRow(resource, context, scope, change))}
      </ul>
    </details>
    <div id="${id}-note" class="note" aria-live="polite">
      ${problem === undefined ? nothing : problemText(context, problem)}
      ${warnings.map((warning) => html`<p class="warning">${code(words.error(warning))}</p>`)}
      ${when(
        problem === undefined && !canNameUser(scope),
        () => html`<p class="warning">${prose(context, "ui.scopes.name_user")}</p>`,
      )}
      ${when(scope, () => html`<p class="feedback">${words.text("ui.scopes.asks")} <code>${scope}</code></p>`)}
    </div>
  </fieldset>`;
}

function resourceRow(
  { name, access }: Resource,
  { words }: Context,
  scope: string,
  change: (name: string) => (event: Event) => void,
): View {
  const label = words.text(`ui.scope.${name}`);
  const box = (kind: "read" | "write"): View => {
    if (!access.includes(kind)) return html`<span></span>`;
    const single = `${name}:${kind}`;
    const choice = choiceOf(scope, single);
    return html`<label class="mini-choice">
      <input
        type="checkbox"
        value=${single}
        .checked=${choice !== "off"}
        ?disabled=${choice === "covered"}
        @change=${change(single)}
      />
      <span><span class="visually-hidden">${label}: </span>${words.text(`ui.scopes.${kind}`)}</span>
    </label>`;
  };
  return html`<li>
    <span class="resource">${label}</span>
    ${box("read")} ${box("write")}
  </li>`;
}

/** What a scope allows, in words. */
export function describeScope(words: Words, name: string): string {
  if (BROAD.includes(name)) return words.text(`ui.scope.${name}`);
  const [resource = "", access = ""] = name.split(":");
  const label = `ui.scope.${resource}`;
  if (!words.has(label) || (access !== "read" && access !== "write")) return "";
  return `${words.text(label)}: ${words.text(`ui.scopes.${access}`).toLocaleLowerCase(words.language)}`;
}

import { html, nothing, type TemplateResult } from "lit";
import { shownProblem } from "../connect/form.js";
import { BROAD, canNameUser, choiceOf, RESOURCES, type Resource, scopesOf } from "../connect/scopes.js";
import { fieldId, problemText, prose } from "./field.js";
import type { FormContext } from "./form.js";

export function scopeSection(context: FormContext): TemplateResult {
  const { form, verdict, actions } = context;
  const scope = form.values.scope;
  const problem = shownProblem(form, verdict, "scope");
  const granular = scopesOf(scope).filter((name) => name.includes(":")).length;
  return html`<section aria-labelledby="scope-title">
    <h3 id="scope-title">Scopes</h3>
    <p class="help" id="scope-help">
      What the connection may do, and never more than the user who authorizes may. If the OAuth client has
      <b>Allowed scopes</b>, choose the same or fewer here.
    </p>
    <fieldset class="choices broad" aria-describedby="scope-help scope-note">
      <legend class="visually-hidden">Broad scopes</legend>
      ${BROAD.map(
        (broad, index) =>
          html`<label class="choice">
            <input
              type="checkbox"
              name="scope"
              id=${index === 0 ? fieldId("scope") : nothing}
              value=${broad.scope}
              .checked=${choiceOf(scope, broad.scope) === "on"}
              @change=${(event: Event) => actions.toggleScope(broad.scope, (event.target as HTMLInputElement).checked)}
            />
            <span>
              <b>${broad.label}</b> <code>${broad.scope}</code>
              <span class="help">${broad.allows}</span>
            </span>
          </label>`,
      )}
    </fieldset>
    <details class="disclosure">
      <summary>
        Single resources ${granular === 0 ? nothing : html`<span class="badge">${granular} chosen</span>`}
      </summary>
      <p class="help">Instead of everything, allow only what the integration needs.</p>
      <ul class="resources">
        ${RESOURCES.map((resource) => resourceRow(resource, context))}
      </ul>
    </details>
    <div id="scope-note" class="note" aria-live="polite">
      ${problem === undefined ? nothing : problemText(problem.message)}
      ${verdict.warnings
        .filter((warning) => warning.field === "scope")
        .map((warning) => html`<p class="warning">${prose(warning.message)}</p>`)}
      ${
        problem === undefined && !canNameUser(scope)
          ? html`<p class="warning">
              To say who is connected, Zendesk asks for <code>read</code> or <code>users:read</code>.
            </p>`
          : nothing
      }
      ${scope === "" ? nothing : html`<p class="feedback">Asks for <code>${scope}</code></p>`}
    </div>
  </section>`;
}

function resourceRow(resource: Resource, { form, actions }: FormContext): TemplateResult {
  const box = (access: "read" | "write", label: string) => {
    if (!resource.access.includes(access)) return html`<span class="no-choice"></span>`;
    const name = `${resource.name}:${access}`;
    const choice = choiceOf(form.values.scope, name);
    return html`<label class="mini-choice">
      <input
        type="checkbox"
        value=${name}
        .checked=${choice !== "off"}
        ?disabled=${choice === "covered"}
        @change=${(event: Event) => actions.toggleScope(name, (event.target as HTMLInputElement).checked)}
      />
      <span><span class="visually-hidden">${resource.label}: </span>${label}</span>
    </label>`;
  };
  return html`<li>
    <span class="resource"><b>${resource.label}</b><span class="help">${resource.allows}</span></span>
    ${box("read", "Read")} ${box("write", "Write")}
  </li>`;
}

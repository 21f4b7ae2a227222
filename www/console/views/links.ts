import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { App } from "../app.js";
import { sentenceOf } from "../problem.js";
import { isOpenToUsers, type LinkField } from "../state.js";
import { LANGUAGES } from "./integration.js";
import { linkCard } from "./link-card.js";

const LIFETIMES = { 300: "5 minutes", 900: "15 minutes", 3600: "1 hour", 14400: "4 hours", 86400: "24 hours" };

export function linksView(app: App): TemplateResult {
  const { links, integration } = app.state;
  return html`<section aria-labelledby="links-title">
    <h2 id="links-title">Authorization links</h2>
    <p class="lead">
      What a bot sends in a conversation, so that one end user can connect: short-lived, single use, and bound to the
      browser of whoever confirms to be that person. Its page ends with the way back to the conversation.
    </p>
    <div class="halves">
      <div>${integration === undefined || isOpenToUsers(integration) ? form(app) : notOpen(integration.access)}</div>
      <div class="made" aria-live="off">
        ${
          links.length > 0
            ? links.map((made) => linkCard(app, made))
            : html`<p class="empty placeholder">The link appears here, to be copied, opened as the end user, or revoked.</p>`
        }
      </div>
    </div>
  </section>`;
}

function notOpen(access: string | null): TemplateResult {
  return html`<div class="card empty">
    <p>
      ${
        access === "allow-users"
          ? "Links work once the integration is enabled."
          : "Links are for integrations that let users authorize. This one does not: all its users share one connection, or it is not set up yet."
      }
    </p>
    <p><a href="#integration">Go to the integration</a></p>
  </div>`;
}

function form(app: App): TemplateResult {
  const { busy, trouble } = app.state.form;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void app.links.create();
  };
  return html`<form class="card" novalidate aria-label="New link" @submit=${submit}>
    ${trouble === undefined ? nothing : html`<p id="link-trouble" class="notice bad" role="alert" tabindex="-1">${trouble}</p>`}
    ${input(app, "subject", "End user", "Your product's id for the person. The connection will belong to it.")}
    ${input(app, "name", "Name", "What the page calls them; the id unless given.", true)}
    ${input(app, "email", "E-mail address", "If given, only the Zendesk user with this address may be connected.", true)}
    <div class="pair">
      ${select(app, "language", "Language", { "": "As their browser says", ...LANGUAGES })}
      ${select(app, "expiresIn", "Works for", LIFETIMES)}
    </div>
    <div class="actions">
      <button type="submit" class="button primary" ?disabled=${busy}>Create link</button>
    </div>
  </form>`;
}

function input(app: App, field: LinkField, label: string, help: string, optional = false): TemplateResult {
  const { values, problems } = app.state.form;
  const problem = problems.find((each) => each.field === field);
  return html`<div class="field ${problem === undefined ? "" : "has-problem"}">
    <label for="link-${field}">${label}${optional ? html` <span class="optional">optional</span>` : nothing}</label>
    <p class="help" id="link-${field}-help">${help}</p>
    <div class="control">
      <input
        id="link-${field}"
        name=${field}
        type=${field === "email" ? "email" : "text"}
        .value=${live(values[field])}
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        aria-describedby="link-${field}-help link-${field}-note"
        aria-invalid=${problem === undefined ? "false" : "true"}
        @input=${(event: Event) => app.links.edit(field, (event.target as HTMLInputElement).value)}
      />
    </div>
    <div id="link-${field}-note" class="note">
      ${problem === undefined ? nothing : html`<p class="problem">${sentenceOf(new Error(problem.message))}</p>`}
    </div>
  </div>`;
}

function select(app: App, field: LinkField, label: string, options: Record<string, string>): TemplateResult {
  const chosen = app.state.form.values[field];
  return html`<div class="field">
    <label for="link-${field}">${label}</label>
    <select
      id="link-${field}"
      name=${field}
      @change=${(event: Event) => app.links.edit(field, (event.target as HTMLSelectElement).value)}
    >
      ${Object.entries(options).map(
        ([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`,
      )}
    </select>
  </div>`;
}

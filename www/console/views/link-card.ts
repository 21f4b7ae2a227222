import { html, nothing, type TemplateResult } from "lit";
import type { App } from "../app.js";
import { isAlive, STATUS } from "../links.js";
import type { MadeLink } from "../state.js";
import type { Link } from "../types.js";
import { moment, until } from "./moment.js";
import { openPhone } from "./phone.js";

const COLOURS: Record<Link["status"], string> = {
  open: "",
  opened: "warn",
  used: "good",
  revoked: "bad",
  expired: "bad",
};

export function linkCard(app: App, made: MadeLink): TemplateResult {
  const { link, trouble } = made;
  return html`<article class="card link" aria-labelledby="link-${link.id}">
    <div class="card-head">
      <h3 id="link-${link.id}" tabindex="-1">Link for ${link.name}</h3>
      <span class="badge ${COLOURS[link.status]}">${STATUS[link.status]}</span>
    </div>
    ${trouble === undefined ? nothing : html`<p class="notice bad" role="alert">${trouble}</p>`}
    <p class="muted">${outcome(link)}</p>
    ${isAlive(link) ? use(app, made) : nothing}
  </article>`;
}

function use(app: App, made: MadeLink): TemplateResult {
  const { link, url } = made;
  const copied = app.state.copied === link.id;
  return html`<div class="field">
      <label for="link-url-${link.id}">Link</label>
      <div class="control">
        <input
          id="link-url-${link.id}"
          class="address"
          readonly
          .value=${url}
          @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()}
        />
        <button type="button" class="button inside" @click=${() => void app.links.copy(made)}>
          ${copied ? "Copied" : "Copy"}<span class="visually-hidden"> the link for ${link.name}</span>
        </button>
      </div>
    </div>
    <div class="actions">
      <button type="button" class="button primary" @click=${() => openPhone(url)}>Open as ${link.name}</button>
      <button type="button" class="button danger" @click=${() => void app.links.revoke(made)}>
        Revoke<span class="visually-hidden"> the link for ${link.name}</span>
      </button>
    </div>`;
}

function outcome(link: Link): TemplateResult {
  switch (link.status) {
    case "open":
      return html`Works until ${until(link.expiresAt)}, once, and then only in the browser where somebody says to be
        ${link.name}.`;
    case "opened":
      return html`Somebody said to be ${link.name}, and goes on in that browser. Any other is refused. Works until
        ${until(link.expiresAt)}.`;
    case "used":
      return html`<b>${link.subject}</b> is connected. See <a href="#users">the users' connections</a>.`;
    case "revoked":
      return html`It was revoked, here or by whoever opened it. Nothing was connected with it.`;
    case "expired":
      return html`It stopped working ${moment(link.expiresAt)}. Nothing was connected with it.`;
  }
}

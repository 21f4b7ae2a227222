import { html, nothing, type TemplateResult } from "lit";
import type { App } from "../app.js";
import { VIEWS, type View } from "../state.js";
import { integrationView } from "./integration.js";
import { linksView } from "./links.js";
import { endingDialog, usersView } from "./users.js";

export function page(app: App): TemplateResult {
  const { view, session, trouble, said } = app.state;
  const shown = (name: View, content: TemplateResult) =>
    html`<div class="view" ?hidden=${view !== name}>${content}</div>`;
  return html`<header class="masthead">
      <div class="brand">
        <img src="/console/icon.svg" alt="" width="40" height="40" />
        <div>
          <h1>Connect Zendesk</h1>
          <p class="muted">${
            session === undefined
              ? "Console for admins"
              : html`Console for admins of ${session.product}, tenant <code>${session.tenant}</code>`
          }</p>
        </div>
      </div>
      <nav aria-label="Console">
        ${Object.entries(VIEWS).map(
          ([name, title]) =>
            html`<a href="#${name}" aria-current=${view === name ? "page" : nothing}>${title}${count(app, name)}</a>`,
        )}
      </nav>
    </header>
    <main>
      ${trouble === undefined ? nothing : html`<p class="notice bad" role="alert">${trouble}</p>`}
      ${shown("integration", integrationView(app))} ${shown("users", usersView(app))} ${shown("links", linksView(app))}
    </main>
    ${endingDialog(app)}
    <p class="visually-hidden" role="status">${said}</p>`;
}

function count({ state }: App, name: string): TemplateResult | typeof nothing {
  const connected = state.connections?.length ?? 0;
  return name !== "users" || connected === 0
    ? nothing
    : html` <span class="count"><span class="visually-hidden">connected: </span>${connected}</span>`;
}

import { html, nothing, type TemplateResult } from "lit";
import { type Authorization, isUnderWay } from "../connect/authorization.js";
import type { Trouble } from "../connect/trouble.js";
import { type ConnectedContext, connectedPage } from "./connected.js";
import { type FormContext, profileForm } from "./form.js";
import { guide } from "./guide.js";
import { endNotice, type NoticeActions, troubleNotice } from "./notice.js";
import { type ProgressActions, progressCard } from "./progress.js";

export interface PageContext {
  loading: boolean;
  /** Why the console has nothing to show. */
  loadTrouble: Trouble | undefined;
  authorization: Authorization;
  showsConnections: boolean;
  guideOpen: boolean;
  form: FormContext;
  connected: ConnectedContext;
  notice: NoticeActions;
  progress: ProgressActions;
  reload: () => void;
}

export function page(context: PageContext): TemplateResult {
  return html`<header class="masthead">
      <h1><img src="/console/icon.svg" alt="" width="36" height="36" /> Connect Zendesk</h1>
      <p>
        Let this application work with a Zendesk account: describe your OAuth client, allow access on Zendesk's page, done.
        The client secret stays in the worker.
      </p>
      ${steps(context)}
    </header>
    <main>${content(context)}</main>
    <p class="visually-hidden" role="status">${announcement(context)}</p>`;
}

function content(context: PageContext): TemplateResult {
  const { authorization, loading, loadTrouble } = context;
  if (loadTrouble !== undefined) {
    return html`<div class="single">
      ${troubleNotice(loadTrouble)}
      <button type="button" class="button primary" @click=${context.reload}>Reload</button>
    </div>`;
  }
  if (loading) return html`<p class="loading"><span class="spinner" aria-hidden="true"></span> Loading…</p>`;
  if (isUnderWay(authorization)) {
    return html`<div class="single">${progressCard(authorization, context.progress)}</div>`;
  }
  if (context.showsConnections) {
    return html`<div class="single">
      ${endNotice(authorization, context.notice)} ${connectedPage(context.connected)}
    </div>`;
  }
  return html`<div class="columns">
    <div>${endNotice(authorization, context.notice)} ${profileForm(context.form)}</div>
    ${guide(context.guideOpen)}
  </div>`;
}

const STEPS = ["Describe the client", "Allow on Zendesk", "Connected"];

function steps(context: PageContext): TemplateResult | typeof nothing {
  if (context.loading || context.loadTrouble !== undefined) return nothing;
  const current = isUnderWay(context.authorization) ? 1 : context.showsConnections ? 2 : 0;
  return html`<ol class="steps" aria-label="Progress">
    ${STEPS.map(
      (step, index) =>
        html`<li class=${index < current ? "done" : index === current ? "current" : ""} aria-current=${
          index === current ? "step" : "false"
        }><span>${step}</span></li>`,
    )}
  </ol>`;
}

function announcement({ authorization, form }: PageContext): string {
  if (form.copied) return "Callback URL copied.";
  switch (authorization.phase) {
    case "saving":
      return "Saving the profile.";
    case "waiting":
      return `Waiting for ${authorization.account}.`;
    case "finishing":
      return "Zendesk has answered. Finishing.";
    case "connected":
      return `Connected to ${authorization.connection.subdomain}.`;
    default:
      return "";
  }
}

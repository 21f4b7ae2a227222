import { html, nothing, type TemplateResult } from "lit";
import { describeScope } from "../connect/scopes.js";
import { exact, relative } from "../connect/times.js";
import type { Connection, Profile } from "../connect/types.js";

export interface ConnectedActions {
  authorizeAgain: (connection: Connection) => void;
  startOver: () => void;
}

export interface ConnectedContext {
  connections: Connection[];
  /** The one that was connected just now. */
  fresh: Connection | undefined;
  profiles: Profile[];
  now: number;
  originOf: (subdomain: string) => string;
  actions: ConnectedActions;
}

export function connectedPage(context: ConnectedContext): TemplateResult {
  const { connections, fresh, actions } = context;
  const first = fresh ?? connections[0];
  if (first === undefined) return html``;
  const others = connections.filter((connection) => connection.id !== first.id);
  return html`${connectionCard(first, context, true)}
    ${
      others.length === 0
        ? nothing
        : html`<h2 class="list-title">Other connections</h2>
            ${others.map((connection) => connectionCard(connection, context, false))}`
    }
    <div class="actions start-over">
      <button type="button" class="button" @click=${actions.startOver}>Start over</button>
      <p class="muted">Opens an empty form for another account. What is connected stays connected.</p>
    </div>`;
}

function connectionCard(connection: Connection, context: ConnectedContext, main: boolean): TemplateResult {
  const { user, subdomain } = connection;
  const origin = context.originOf(subdomain);
  const profile = context.profiles.find((each) => each.id === connection.profile);
  const heading = `Connected to ${subdomain}`;
  return html`<article class="card connection" aria-label=${heading}>
    <div class="connection-head">
      <span class="tick" aria-hidden="true">
        <svg viewBox="0 0 24 24" width="24" height="24">
          <path d="M5 12.5l4.5 4.5L19 7.500" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
      </span>
      <div>
        ${main ? html`<h2 id="connected-title" tabindex="-1">${heading}</h2>` : html`<h3>${heading}</h3>`}
        <a href=${origin} target="_blank" rel="noopener noreferrer">${origin}</a>
      </div>
    </div>
    <dl class="facts">
      <div>
        <dt>Authorized by</dt>
        <dd>
          <b>${user.name}</b>
          ${user.email ? html`<span class="muted">${user.email}</span>` : nothing}
          ${user.role ? html`<span class="badge">${user.role}</span>` : nothing}
        </dd>
      </div>
      <div>
        <dt>Access token expires</dt>
        <dd>${expiry(connection.expiresAt, context.now)}</dd>
      </div>
      ${
        profile === undefined
          ? nothing
          : html`<div>
              <dt>Profile</dt>
              <dd>${profile.name}</dd>
            </div>`
      }
    </dl>
    ${scopes(connection)}
    <div class="actions">
      <button type="button" class="button ${main ? "primary" : ""}" @click=${() => context.actions.authorizeAgain(connection)}>
        Authorize again
      </button>
    </div>
  </article>`;
}

function expiry(expiresAt: string | null, now: number): TemplateResult {
  if (expiresAt === null) return html`Zendesk did not say`;
  const when = Date.parse(expiresAt);
  const label = when < now ? "expired " : "";
  return html`${label}${relative(when, now)}
    <time class="muted" datetime=${expiresAt}>${exact(when)}</time>`;
}

function scopes(connection: Connection): TemplateResult {
  const { requested, granted, missing } = connection.scopes;
  const extra = granted.filter((scope) => !requested.includes(scope));
  const row = (scope: string, state: "granted" | "missing" | "extra") =>
    html`<li class=${state}>
      <span class="mark" aria-hidden="true">${state === "missing" ? "✕" : "✓"}</span>
      <span><code>${scope}</code> <span class="muted">${describeScope(scope)}</span></span>
      <span class="badge ${state === "missing" ? "bad" : "good"}">${SCOPE_STATES[state]}</span>
    </li>`;
  return html`<div class="granted-scopes">
    <h3>Scopes</h3>
    <ul class="scope-list">
      ${requested.map((scope) => row(scope, missing.includes(scope) ? "missing" : "granted"))}
      ${extra.map((scope) => row(scope, "extra"))}
    </ul>
    ${
      missing.length === 0
        ? nothing
        : html`<p class="hint">
            <b>Zendesk granted less than was asked for.</b> Add the missing scopes to <b>Allowed scopes</b> of the OAuth
            client in Admin Center, or let a user with more permissions authorize again.
          </p>`
    }
  </div>`;
}

const SCOPE_STATES = { granted: "Granted", missing: "Not granted", extra: "Granted, not asked for" };

import { html, nothing, type TemplateResult } from "lit";
import type { App } from "../app.js";
import { isOpenToUsers } from "../state.js";
import type { Connection } from "../types.js";
import { subjectOf } from "../users.js";
import { moment } from "./moment.js";
import { openPhone } from "./phone.js";

const WAYS = { basic: "Basic", "oauth-system": "OAuth - System", "oauth-custom": "OAuth - Custom" };

const STATUSES: Record<Connection["status"], string> = {
  active: "Active",
  refreshing: "Active",
  "reauthorization-required": "Has to authorize again",
  revoked: "Revoked",
  "account-not-found": "Account not found: renamed or closed",
};

export function usersView(app: App): TemplateResult {
  const { connections, usersTrouble, ended } = app.state;
  return html`<div class="columns">
    <section aria-labelledby="users-title">
      <h2 id="users-title" tabindex="-1">Users' connections</h2>
      <p class="lead">Each user connects on their own, and sees only their own connection. You see all of them here.</p>
      ${stopping(app)}
      ${ended === undefined ? nothing : html`<p class="notice" role="status">${ended}</p>`}
      ${usersTrouble === undefined ? nothing : html`<p class="notice bad" role="alert">${usersTrouble}</p>`}
      ${connections === undefined ? nothing : list(app, connections)}
    </section>
    <aside class="side">${actAsCard(app)}</aside>
  </div>`;
}

function list(app: App, connections: Connection[]): TemplateResult {
  if (connections.length === 0) {
    return html`<p class="card empty">
      ${
        isOpenToUsers(app.state.integration)
          ? html`No user has connected yet. Send one an <a href="#links">authorization link</a>.`
          : html`No user has connected. Users can as soon as the <a href="#integration">integration</a> lets them authorize
              and is enabled.`
      }
    </p>`;
  }
  return html`<ul class="connections">${connections.map((connection) => item(app, connection))}</ul>`;
}

function item(app: App, connection: Connection): TemplateResult {
  const { user, subdomain, status } = connection;
  const subject = subjectOf(connection);
  const { missing } = connection.scopes;
  return html`<li class="card connection">
    <span class="initial" aria-hidden="true">${subject.charAt(0).toUpperCase()}</span>
    <div class="who">
      <h3>${subject}</h3>
      <p>
        <a href=${originOf(app, subdomain)} target="_blank" rel="noopener noreferrer">${subdomain}</a>
        as ${user.name}${user.email ? html` <span class="muted">${user.email}</span>` : nothing}
      </p>
    </div>
    <ul class="badges">
      <li class="badge">${WAYS[connection.authorization]}</li>
      <li class="badge ${status === "reauthorization-required" || status === "revoked" ? "bad" : "good"}">
        ${STATUSES[status]}
      </li>
      ${connection.stopsOn === null ? nothing : html`<li class="badge bad">Stops on ${day(connection.stopsOn)}</li>`}
      ${
        missing.length === 0
          ? nothing
          : html`<li class="badge bad">
              ${missing.length === 1 ? "Scope missing" : "Scopes missing"}: <code>${missing.join(" ")}</code>
            </li>`
      }
    </ul>
    <p class="muted when">Connected ${moment(connection.updatedAt)}</p>
    <button type="button" class="button small" @click=${() => app.users.ask(connection)}>
      Disconnect<span class="visually-hidden"> ${subject} from ${subdomain}</span>
    </button>
  </li>`;
}

/** What Zendesk ends by itself, with the day; the integration's own connection too. */
function stopping({ state: { stopping } }: App): TemplateResult | typeof nothing {
  if (stopping === undefined || stopping.length === 0) return nothing;
  const days = [...new Set(stopping.map(({ stopsOn }) => stopsOn ?? ""))].sort();
  return html`<div class="notice warn" id="stopping">
    <h3>${stopping.length === 1 ? "One connection stops by itself" : `${stopping.length} connections stop by themselves`}</h3>
    ${days.map((date) => {
      const ofDay = stopping.filter(({ stopsOn }) => stopsOn === date);
      return html`<p><b>${day(date)}:</b> ${ofDay.map(nameOf).join(", ")}. ${WHY_IT_STOPS[date] ?? ""}</p>`;
    })}
  </div>`;
}

const WHY_IT_STOPS: Record<string, string> = {
  "2027-04-01": "Zendesk ends OAuth tokens that cannot be refreshed: these have to be authorized again before.",
  "2027-04-30": "Zendesk switches API tokens off: use OAuth instead, which keeps the connection and its id.",
};

function nameOf(connection: Connection): string {
  const subject = connection.subject === "integration" ? "the integration" : subjectOf(connection);
  return `${subject} (${connection.subdomain})`;
}

function day(date: string): string {
  return new Date(`${date}T00:00:00Z`).toLocaleDateString("en", { dateStyle: "long", timeZone: "UTC" });
}

function originOf({ state }: App, subdomain: string): string {
  const template = state.session?.accountTemplate ?? "https://{subdomain}.zendesk.com";
  return template.replace("{subdomain}", subdomain);
}

function actAsCard(app: App): TemplateResult {
  const { actAs } = app.state;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    openPhone(`/console/user?${new URLSearchParams({ subject: actAs.trim() })}`);
  };
  return html`<form class="card" aria-labelledby="act-title" @submit=${submit}>
    <h2 id="act-title">Try it as a user</h2>
    <p class="muted">
      Opens a page of the product as one of its end users sees it, in a second window: <code>&lt;zendesk-connect&gt;</code>
      with a user's session.
    </p>
    <div class="field">
      <label for="act-as">User</label>
      <div class="control">
        <input
          id="act-as"
          list="act-as-names"
          required
          maxlength="80"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          .value=${actAs}
          @input=${(event: Event) => app.update({ actAs: (event.target as HTMLInputElement).value })}
        />
      </div>
      <datalist id="act-as-names"><option value="jane"></option><option value="joe"></option></datalist>
    </div>
    <button type="submit" class="button wide">Open as ${actAs.trim() || "this user"}</button>
  </form>`;
}

/** Always there, so that it can be opened; empty while nothing ends. */
export function endingDialog(app: App): TemplateResult {
  const { ending } = app.state;
  return html`<dialog id="ending" aria-labelledby="ending-title" @close=${() => app.users.closed()}>
    ${ending === undefined ? nothing : endingQuestion(app, ending)}
  </dialog>`;
}

function endingQuestion(app: App, ending: Connection): TemplateResult {
  const subject = subjectOf(ending);
  return html`<h2 id="ending-title">Disconnect ${subject} from ${ending.subdomain}?</h2>
    <p>The product can no longer work with this account for ${subject}, until they connect again.</p>
    <div class="actions">
      <button type="button" class="button danger" @click=${() => void app.users.end(ending)}>Disconnect</button>
      <button type="button" class="button" @click=${() => app.users.close()}>Keep it</button>
    </div>`;
}

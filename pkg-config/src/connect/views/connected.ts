import { html, nothing } from "lit";
import { userTarget } from "../migration.js";
import { exact, relative } from "../times.js";
import type { Connection } from "../types.js";
import { type Context, prose, type View, when } from "./context.js";
import { describeScope } from "./scopes.js";
import { basicUntil } from "./user.js";

const TOLD_FOR_MS = 14 * 24 * 60 * 60_000;

/** One authorized account: who, until when, with which scopes, and the way to part with it. */
export function connectionCard(context: Context, connection: Connection): View {
  const { words, accountTemplate } = context;
  const { id, user, subdomain, status } = connection;
  const origin = accountTemplate.replace("{subdomain}", subdomain);
  const isWorking = status === "active" || status === "refreshing";
  const title = words.text(isWorking ? "ui.connected.title" : "ui.connected.not_working", { account: subdomain });
  const hint = status === "account-not-found" ? "error.account_not_found" : "ui.connected.again_needed";
  return html`<article class="card connection" part="card connection" aria-labelledby="connected-${id}">
    <div class="head">
      <span class="mark ${isWorking ? "good" : "bad"}" aria-hidden="true">${isWorking ? tick : bang}</span>
      <div>
        <h2 id="connected-${id}" tabindex="-1">${title}</h2>
        <a href=${origin} target="_blank" rel="noopener noreferrer">${origin}</a>
      </div>
    </div>
    ${when(!isWorking, () => html`<p class="hint">${words.text(hint)}</p>`)} ${moveToOauth(context, connection)}
    ${moved(context, connection)}
    <dl class="facts">
      <div>
        <dt>${words.text("ui.connected.by")}</dt>
        <dd>
          <b>${user.name}</b>
          ${when(user.email, () => html`<span class="muted">${user.email}</span>`)}
          ${when(user.role, () => html`<span class="badge" part="badge">${role(context, user.role ?? "")}</span>`)}
        </dd>
      </div>
      <div>
        <dt>${words.text("ui.connected.way")}</dt>
        <dd>${words.text(`choice.${connection.authorization}.label`)}${profileName(context, connection)}</dd>
      </div>
      ${when(connection.mechanism === "oauth2", () => expiry(context, connection.expiresAt))}
    </dl>
    ${when(connection.mechanism === "oauth2", () => scopes(context, connection))} ${actions(context, connection)}
  </article>`;
}

/** An API token has an end: the way to what goes on. */
function moveToOauth(context: Context, connection: Connection): View {
  const { state, words, model, setup, forms } = context;
  if (connection.authorization !== "basic") return nothing;
  const isAdmins = model.isAdmin && state.integration?.connection === connection.id && state.view !== "setup";
  if (!isAdmins && (model.isAdmin || userTarget(state, connection) === undefined)) return nothing;
  return basicUntil(
    context,
    html`<button
      type="button"
      class="small"
      part="button"
      @click=${() => (isAdmins ? setup.migrate(connection) : forms.migrate(connection))}
    >
      ${words.text("basic.use_oauth")}
    </button>`,
  );
}

/** What is left to do after the move, and nobody but an admin of the account can do. */
function moved(context: Context, { migratedAt, subdomain }: Connection): View {
  const { words, now, accountTemplate } = context;
  if (migratedAt === null || now - Date.parse(migratedAt) > TOLD_FOR_MS) return nothing;
  return html`<div class="hint" part="notice">
    <p><b>${words.text("ui.migrated.title")}</b></p>
    <p>${words.text("ui.migrated.text", { account: subdomain })}</p>
    <a href="${accountTemplate.replace("{subdomain}", subdomain)}/admin" target="_blank" rel="noopener noreferrer">
      ${words.text("ui.farewell.admin_center", { account: subdomain })}
    </a>
  </div>`;
}

const tick = html`<svg viewBox="0 0 24 24" width="24" height="24">
  <path
    d="M5 12.5l4.5 4.5L19 7.500"
    fill="none"
    stroke="currentColor"
    stroke-width="2.5"
    stroke-linecap="round"
    stroke-linejoin="round"
  />
</svg>`;
const bang = html`<svg viewBox="0 0 24 24" width="24" height="24">
  <path d="M12 5.500v8M12 18v.500" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" />
</svg>`;

function role({ words }: Context, name: string): string {
  const key = `ui.role.${name}`;
  return words.has(key) ? words.text(key) : name;
}

function profileName({ state }: Context, { profile }: Connection): View {
  const name = state.profiles.find(({ id }) => id === profile)?.name;
  return name === undefined ? nothing : html`<span class="muted">${name}</span>`;
}

function expiry({ words, now }: Context, expiresAt: string | null): View {
  const time = Date.parse(expiresAt ?? "");
  const isPast = time < now;
  return html`<div>
    <dt>${words.text(isPast ? "ui.connected.expired" : "ui.connected.expires")}</dt>
    <dd>
      ${
        expiresAt === null
          ? words.text("ui.connected.expiry_unknown")
          : html`${relative(time, now, words.language)}
              <time class="muted" datetime=${expiresAt}>${exact(time, words.language)}</time>`
      }
    </dd>
  </div>`;
}

function scopes(context: Context, { scopes: { requested, granted, missing } }: Connection): View {
  const { words, model } = context;
  const extra = granted.filter((scope) => !requested.includes(scope));
  const row = (scope: string, state: "granted" | "missing" | "extra") =>
    html`<li class=${state}>
      <span><code>${scope}</code> <span class="muted">${describeScope(words, scope)}</span></span>
      <span class="badge ${state === "missing" ? "bad" : "good"}" part="badge">${words.text(`ui.scopes.${state}`)}</span>
    </li>`;
  return html`<div class="granted">
    <h3>${words.text("field.scope.label")}</h3>
    <ul class="scope-list">
      ${requested.map((scope) => row(scope, missing.includes(scope) ? "missing" : "granted"))}
      ${extra.map((scope) => row(scope, "extra"))}
    </ul>
    ${when(
      missing.length > 0,
      () => html`<p class="hint">
        <b>${words.text("ui.scopes.less")}</b>
        ${prose(context, model.isAdmin ? "ui.scopes.less_admin" : "ui.scopes.less_user")}
      </p>`,
    )}
  </div>`;
}

function actions(context: Context, connection: Connection): View {
  const { state, words, model, forms } = context;
  const { id, subdomain } = connection;
  if (state.parting?.id === id) {
    return html`<div class="confirm" role="group" aria-labelledby="part-question">
      <p id="part-question"><b>${words.text("ui.part.question", { account: subdomain })}</b> ${words.text("ui.part.text")}</p>
      <div class="actions">
        <button
          type="button"
          id="part-confirm"
          class="danger"
          part="button danger-button"
          ?disabled=${state.parting.busy}
          @click=${() => model.disconnect()}
        >
          ${words.text("ui.part.confirm")}
        </button>
        <button type="button" part="button" ?disabled=${state.parting.busy} @click=${() => model.keep()}>
          ${words.text("ui.part.keep")}
        </button>
      </div>
    </div>`;
  }
  return html`<div class="actions">
    ${when(
      canAuthorizeAgain(context, connection),
      () => html`<button type="button" part="button" @click=${() => forms.authorizeAgain(connection)}>
        ${words.text("ui.authorize_again")}
      </button>`,
    )}
    <button type="button" id="part-${id}" class="quiet" part="button" @click=${() => model.askToPart(id)}>
      ${words.text("ui.part")}
    </button>
  </div>`;
}

/** In the way that is chosen now, and for a user only while it is open to them. */
function canAuthorizeAgain({ state, model }: Context, connection: Connection): boolean {
  const { integration } = state;
  if (integration === undefined || integration.authorization !== connection.authorization) return false;
  if (integration.profile !== connection.profile) return false;
  const access = model.isAdmin ? "pre-authorize" : "allow-users";
  return integration.access === access && (model.isAdmin || integration.enabled);
}

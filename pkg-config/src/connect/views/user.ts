import { html, nothing } from "lit";
import { isOpenToUsers } from "../state.js";
import { connectionCard } from "./connected.js";
import { type Context, type View, when } from "./context.js";
import { formView } from "./form.js";

/** An end user: what the integration lets them do, and what they have connected. */
export function userView(context: Context): View[] {
  const { state, words, forms } = context;
  const { integration, connections, form } = state;
  if (integration === undefined) return [];
  const cards: View[] = connections.map((connection) => connectionCard(context, connection));
  const isOver = integration.authorization === "basic" && !integration.basic.available;
  if (isOver && isOpenToUsers(integration)) return [...cards, retired(context)];
  if (!isOpenToUsers(integration)) return [...cards, connections.length === 0 ? closed(context) : nothing];
  if (form !== undefined) return [...cards, connectForm(context)];
  if (connections.length === 0) return [connectCard(context)];
  const isOneAccount = integration.authorization === "oauth-custom" || state.profiles[0]?.subdomain;
  return [
    ...cards,
    when(
      !isOneAccount,
      () => html`<button type="button" class="quiet another" part="button" @click=${() => forms.openForUser()}>
        ${words.text("ui.user.another")}
      </button>`,
    ) as View,
  ];
}

function closed({ state, words }: Context): View {
  const isShared = state.integration?.access === "pre-authorize" && state.integration.enabled;
  const [title, text] = isShared
    ? ["ui.user.shared.title", "ui.user.shared.text"]
    : ["ui.user.closed.title", "ui.user.closed.text"];
  return html`<section class="card" part="card" aria-labelledby="closed-title">
    <h2 id="closed-title">${words.text(title)}</h2>
    <p class="muted">${words.text(text, { product: state.whose?.product ?? "" })}</p>
  </section>`;
}

/** The integration still is on API tokens, which have ended. */
function retired({ words }: Context): View {
  return html`<section class="card" part="card" aria-labelledby="closed-title">
    <h2 id="closed-title">${words.text("ui.advice.retired.title")}</h2>
    <p class="muted">${words.text("ui.user.retired")}</p>
  </section>`;
}

function intro({ state, words }: Context): View {
  return html`<p class="muted">${words.text("ui.user.intro", { product: state.whose?.product ?? "" })}</p>`;
}

/** OAuth - Custom: the profile says which account, so there is nothing to fill in. */
function connectCard(context: Context): View {
  const { state, words, forms } = context;
  const account = state.profiles[0]?.subdomain ?? "";
  return html`<section class="card" part="card" aria-labelledby="connect-title">
    <h2 id="connect-title">${words.text("ui.user.title")}</h2>
    ${intro(context)}
    <p>${words.text("ui.user.account", { account })}</p>
    <div class="actions">
      <button type="button" class="primary" part="button primary-button" @click=${() => forms.connectAsUser()}>
        ${words.text("ui.connect")}
      </button>
    </div>
  </section>`;
}

function connectForm(context: Context): View {
  const { state, words, forms } = context;
  const isBasic = state.form?.kind === "basic";
  const fixed = state.form?.given.has("subdomain") ? state.profiles[0]?.subdomain : undefined;
  return html`<section class="card" part="card" aria-labelledby="form-title">
    ${formView(context, {
      title: words.text("ui.user.title"),
      isCard: true,
      before: html`${intro(context)} ${isBasic ? html`<p class="hint" part="notice">${basicUntilForUsers(context)}</p>` : nothing}
      ${fixed === undefined ? nothing : html`<p>${words.text("ui.user.account", { account: fixed })}</p>`}`,
      submit: () => forms.connectAsUser(),
      actions: html`<button type="submit" class="primary" part="button primary-button">${words.text("ui.connect")}</button>
        ${when(
          state.connections.length > 0,
          () =>
            html`<button type="button" part="button" @click=${() => forms.close()}>${words.text("ui.cancel")}</button>`,
        )}
        <span class="muted">${words.text(isBasic ? "ui.user.basic_next" : "ui.user.oauth_next")}</span>`,
    })}
  </section>`;
}

function basicUntilForUsers({ words }: Context): string {
  return words.text("ui.user.basic_until", { date: words.text("date.basic_until") });
}

/** Until when API tokens work. */
export function basicUntil(context: Context, offer: View = nothing): View {
  const { words, state } = context;
  const basic = state.integration?.basic;
  if (basic === undefined) return nothing;
  const date = words.text("date.basic_until");
  const key = !basic.available ? "basic.ended" : basic.daysLeft > 0 ? "basic.until" : "basic.last_day";
  return html`<div class="hint" part="notice">
    <p>${words.text(key, { date, days: basic.daysLeft })}</p>
    ${offer}
  </div>`;
}

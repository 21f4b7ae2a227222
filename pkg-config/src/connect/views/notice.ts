import { html, nothing } from "lit";
import { adviceFor, technicalDetail } from "../advice.js";
import type { Trouble } from "../trouble.js";
import { type Context, code, prose, type View, when } from "./context.js";

/** What there is to say before anything else: how an authorization ended, what did not work, what was parted with. */
export function notices(context: Context): View[] {
  const { state, model } = context;
  const { running, trouble, farewell } = state;
  return [
    endNotice(context),
    trouble === undefined ? nothing : troubleNotice(context, trouble, () => model.dismiss()),
    farewell === undefined ? nothing : farewellNotice(context),
    running.phase === "failed" ? troubleNotice(context, running.trouble, () => model.dismiss()) : nothing,
  ];
}

function endNotice({ state, words, model }: Context): View {
  if (state.running.phase === "blocked") {
    return html`<section class="notice warn" part="notice" role="alert" aria-labelledby="notice-title">
      <h2 id="notice-title" tabindex="-1">${words.text("ui.blocked.title")}</h2>
      <p>${words.text("ui.blocked.text")}</p>
      <div class="actions">
        <button type="button" class="primary" part="button primary-button" @click=${() => model.again("redirect")}>
          ${words.text("ui.in_this_tab")}
        </button>
        <button type="button" part="button" @click=${() => model.again("popup")}>${words.text("ui.blocked.again")}</button>
      </div>
    </section>`;
  }
  if (state.running.phase !== "cancelled") return nothing;
  return html`<section class="notice" part="notice" role="status" aria-labelledby="notice-title">
    <h2 id="notice-title" tabindex="-1">${words.text("ui.cancelled.title")}</h2>
    <p>${words.text("ui.cancelled.text")}</p>
  </section>`;
}

export function troubleNotice(context: Context, trouble: Trouble, dismiss?: () => void): View {
  const { words } = context;
  const advice = adviceFor(trouble, words);
  return html`<section class="notice bad" part="notice" role="alert" aria-labelledby="notice-title">
    <h2 id="notice-title" tabindex="-1">${advice.title}</h2>
    <p>${code(advice.text)}</p>
    ${advice.next === undefined ? nothing : html`<p>${code(advice.next)}</p>`}
    <p class="technical">${words.text("ui.code")} <code>${technicalDetail(trouble)}</code></p>
    <div class="actions">
      ${editOffer(context, trouble)}
      ${when(
        dismiss,
        () =>
          html`<button type="button" class="small" part="button" @click=${dismiss}>${words.text("ui.dismiss")}</button>`,
      )}
    </div>
  </section>`;
}

/** The way to the profile where it has to change and is not open. */
function editOffer({ state, words, model, setup }: Context, trouble: Trouble): View {
  const id = state.integration?.profile;
  const isProfiles = model.isAdmin && state.integration?.authorization === "oauth-custom";
  if (!isProfiles || !id || state.form !== undefined || state.running.phase !== "failed") return nothing;
  return html`<button type="button" class="small" part="button" @click=${() => setup.editProfile(id, trouble)}>
    ${words.text("ui.profile.edit")}
  </button>`;
}

/** The truth about a disconnected account: what is known of its credential, and how to revoke it for certain. */
function farewellNotice(context: Context): View {
  const { state, words, model, accountTemplate } = context;
  const { farewell } = state;
  if (farewell === undefined) return nothing;
  const { connection, revoked } = farewell;
  const values = { account: connection.subdomain };
  const origin = accountTemplate.replace("{subdomain}", connection.subdomain);
  return html`<section
    class="notice ${revoked === "unconfirmed" ? "warn" : ""}"
    part="notice"
    role="status"
    aria-labelledby="farewell-title"
  >
    <h2 id="farewell-title" tabindex="-1">${words.text("ui.farewell.title", values)}</h2>
    <p>${prose(context, `ui.farewell.${revoked}`, values)}</p>
    <p>
      <a href="${origin}/admin" target="_blank" rel="noopener noreferrer">${words.text("ui.farewell.admin_center", values)}</a>
    </p>
    <div class="actions">
      <button type="button" class="small" part="button" @click=${() => model.dismiss()}>${words.text("ui.dismiss")}</button>
    </div>
  </section>`;
}

import { html, nothing } from "lit";
import { accountOfSetup, migratedBySetup } from "../migration.js";
import { mechanismFor, type State } from "../state.js";
import type { Access, AuthorizationKind, Integration } from "../types.js";
import { type Context, code, prose, type View, when } from "./context.js";
import { formView } from "./form.js";
import { profilesView } from "./profiles.js";
import { basicUntil } from "./user.js";

const WAYS: AuthorizationKind[] = ["oauth-system", "oauth-custom", "basic"];
const ACCESSES: Access[] = ["pre-authorize", "allow-users"];

/** The six ways: three by two, then what the chosen one needs. */
export function setupView(context: Context): View {
  const { state, words, setup } = context;
  const { integration, authorization, access } = state;
  if (integration === undefined) return nothing;
  return html`<section class="card setup" part="card setup" aria-labelledby="setup-title">
    <h2 id="setup-title" tabindex="-1">${words.text("ui.setup.title")}</h2>
    <fieldset class="choices ways">
      <legend>${words.text("ui.setup.authorization")}</legend>
      ${WAYS.map((way) => {
        const why = unavailable(context, integration, way);
        return card({
          name: "authorization",
          value: way,
          checked: authorization === way,
          disabled: why !== undefined,
          label: words.text(`choice.${way}.label`),
          text: words.text(`choice.${way}.when`),
          why,
          choose: () => setup.choose({ authorization: way }),
        });
      })}
    </fieldset>
    <fieldset class="choices">
      <legend>${words.text("ui.setup.access")}</legend>
      ${ACCESSES.map((each) =>
        card({
          name: "access",
          value: each,
          checked: access === each,
          disabled: false,
          label: words.text(`access.${each}.label`),
          text: words.text(`access.${each}.when`),
          why: undefined,
          choose: () => setup.choose({ access: each }),
        }),
      )}
    </fieldset>
    ${authorization !== undefined && access !== undefined ? lastStep(context, authorization, access) : nothing}
  </section>`;
}

interface Card {
  name: string;
  value: string;
  checked: boolean;
  disabled: boolean;
  label: string;
  text: string;
  /** Why it cannot be chosen. */
  why: View[] | undefined;
  choose: () => void;
}

function card({ name, value, checked, disabled, label, text, why, choose }: Card): View {
  return html`<label class="choice way ${disabled ? "off" : ""}" part="choice">
    <input
      type="radio"
      name=${name}
      value=${value}
      .checked=${checked}
      ?disabled=${disabled}
      aria-labelledby="way-${value}"
      aria-describedby="way-${value}-when"
      @change=${choose}
    />
    <span>
      <b id="way-${value}">${label}</b>
      <span id="way-${value}-when">
        <span class="help">${text}</span>
        ${why === undefined ? nothing : html`<span class="why">${why}</span>`}
      </span>
    </span>
  </label>`;
}

/** Why this worker cannot offer a way just now. */
function unavailable({ words }: Context, integration: Integration, way: AuthorizationKind): View[] | undefined {
  if (way === "oauth-system" && integration.systemClient === null) {
    return code(words.parts("error.integration_system_unavailable"));
  }
  if (way === "basic" && !integration.basic.available) {
    return [html`${words.text("basic.ended", { date: words.text("date.basic_until") })}`];
  }
  return undefined;
}

function lastStep(context: Context, authorization: AuthorizationKind, access: Access): View {
  const { state, words, setup } = context;
  const needsProfile = mechanismFor(authorization, access) !== undefined;
  const consequence = movesToOauth(state)
    ? "ui.migrate.text"
    : changesWhatIsEnabled(context)
      ? "ui.setup.disables"
      : undefined;
  const warning = consequence ? html`<p class="hint" part="notice">${words.text(consequence)}</p>` : nothing;
  const basicHint =
    authorization === "basic"
      ? basicUntil(
          context,
          html`<button type="button" class="small" part="button" @click=${() => setup.choose({ authorization: oauth(context) })}>
            ${words.text("basic.use_oauth")}
          </button>`,
        )
      : nothing;
  if (authorization === "basic" && !state.integration?.basic.available) {
    return html`<div class="last-step">${basicHint}</div>`;
  }
  return html`<div class="last-step">
    ${basicHint} ${needsProfile ? profilesView(context) : nothing}
    ${
      state.form === undefined
        ? html`${warning}
            ${when(!needsProfile, () => html`<p>${words.text("ui.setup.nothing_needed")}</p>`)}
            <div class="actions">${buttons(context, "button")}</div>`
        : formView(context, {
            title: formTitle(context),
            isCard: false,
            before: html`${state.form.kind === "oauth-custom" ? callbackUrl(context) : nothing}`,
            submit: () => (isPreAuthorized(context) ? setup.authorize() : void setup.save()),
            actions: html`${warning} ${buttons(context, "submit")}`,
          })
    }
  </div>`;
}

function formTitle({ state, words }: Context): string {
  const { form } = state;
  return form?.profile === undefined ? words.text(`ui.form.${form?.kind}`) : words.text("ui.form.edit");
}

function isPreAuthorized({ state }: Context): boolean {
  return state.access === "pre-authorize";
}

/** Where to go from Basic: the operator's own client if there is one. */
function oauth({ state }: Context): AuthorizationKind {
  return state.integration?.systemClient ? "oauth-system" : "oauth-custom";
}

/** Whether what is on the page takes the place of an API token, for the same account as far as it is known. */
function movesToOauth(state: State): boolean {
  const moved = migratedBySetup(state);
  return moved !== undefined && (accountOfSetup(state) ?? moved.subdomain) === moved.subdomain;
}

/** Whether what is on the page would take an enabled integration out of use. */
function changesWhatIsEnabled({ state }: Context): boolean {
  const { integration, authorization, access, selected, form } = state;
  if (!integration?.enabled) return false;
  const isOtherWay = integration.authorization !== authorization || integration.access !== access;
  const needsProfile = mechanismFor(authorization, access) !== undefined;
  return isOtherWay || (needsProfile && (integration.profile !== selected || form !== undefined));
}

function buttons(context: Context, type: "button" | "submit"): View {
  const { state, words, setup, mode } = context;
  const { form, busy, authorization } = state;
  const isBasic = authorization === "basic";
  const authorizes = isPreAuthorized(context);
  const label = !authorizes ? "ui.save" : isBasic ? "ui.connect" : "ui.authorize";
  const next = !authorizes
    ? "ui.setup.then_enable"
    : isBasic
      ? "ui.user.basic_next"
      : mode === "popup"
        ? "ui.setup.opens_window"
        : "ui.setup.leaves";
  const press = () => (authorizes ? setup.authorize() : void setup.save());
  return html`<button
      type=${type}
      class="primary"
      part="button primary-button"
      ?disabled=${busy}
      @click=${type === "button" ? press : nothing}
    >
      ${words.text(label)}
    </button>
    ${when(
      form?.profile !== undefined,
      () =>
        html`<button type="button" part="button" @click=${() => setup.closeForm()}>${words.text("ui.form.close")}</button>`,
    )}
    ${when(
      authorizes && form?.kind === "oauth-custom",
      () => html`<button type="button" class="quiet" part="button" ?disabled=${busy} @click=${() => void setup.save()}>
        ${words.text("ui.save_only")}
      </button>`,
    )}
    <span class="muted">${words.text(next)}</span>`;
}

/** What has to be registered with the OAuth client, letter by letter. */
function callbackUrl(context: Context): View {
  const { state, words, setup, callbackUrl: url } = context;
  const label = words.text(state.copied ? "ui.callback.copied" : "ui.callback.copy");
  return html`<div class="callback-url">
    <label for="callback-url">${words.text("ui.callback.label")}</label>
    <p class="help" id="callback-url-help">${prose(context, "ui.callback.help")}</p>
    <div class="control" part="control">
      <input
        id="callback-url"
        part="input"
        type="text"
        readonly
        .value=${url}
        aria-describedby="callback-url-help"
        @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()}
      />
      <button type="button" class="inside" part="button" @click=${() => setup.copy(url)}>${label}</button>
    </div>
  </div>`;
}

import { html, nothing } from "lit";
import { fittingProfiles, type ProfileDialog } from "../state.js";
import type { FieldProblem, Profile } from "../types.js";
import { type Context, code, type View, when } from "./context.js";

/** The saved authorization profiles: one is selected; each can be edited, renamed, duplicated, deleted. */
export function profilesView(context: Context): View {
  const { state, words, setup } = context;
  const profiles = fittingProfiles(state);
  if (profiles.length === 0) return nothing;
  const { selected } = state;
  return html`<fieldset class="choices profiles">
    <legend id="profiles-title" tabindex="-1">${words.text("ui.profile.title")}</legend>
    ${profiles.map(
      (profile) => html`<div class="profile ${profile.id === selected ? "selected" : ""}" part="profile">
        <label class="choice" part="choice">
          <input
            type="radio"
            name="profile"
            id="profile-${profile.id}"
            value=${profile.id}
            .checked=${profile.id === selected}
            aria-labelledby="name-${profile.id}"
            aria-describedby="details-${profile.id}"
            @change=${() => setup.selectProfile(profile.id)}
          />
          <span><b id="name-${profile.id}">${profile.name}</b> <span class="help" id="details-${profile.id}">${details(context, profile)}</span></span>
        </label>
        ${when(profile.id === selected && state.form === undefined, () => profileActions(context, profile))}
      </div>`,
    )}
    <label class="choice" part="choice">
      <input
        type="radio"
        name="profile"
        id="profile-"
        value=""
        .checked=${selected === ""}
        @change=${() => setup.selectProfile("")}
      />
      <span><b>${words.text("ui.profile.new")}</b></span>
    </label>
  </fieldset>`;
}

function details({ words }: Context, profile: Profile): View {
  const { mechanism, subdomain, clientId, clientKind, clientSecretSet } = profile;
  if (mechanism === "basic") return html`${subdomain || words.text("ui.profile.any_account")}`;
  const secret = clientKind === "public" ? words.text("option.clientKind.public.label") : nothing;
  const saved = clientSecretSet ? words.text("ui.profile.secret_saved") : secret;
  return html`${subdomain} · <code>${clientId}</code> · ${saved}`;
}

function profileActions(context: Context, profile: Profile): View {
  const { state, words, setup } = context;
  const { dialog } = state;
  if (dialog?.id === profile.id) return dialogView(context, dialog, profile);
  const button = (action: ProfileDialog["action"]) => html`<button
    type="button"
    class="quiet small"
    part="button"
    id="${action}-${profile.id}"
    aria-label="${words.text(`ui.profile.${action}`)}: ${profile.name}"
    @click=${() => setup.ask(action, profile)}
  >
    ${words.text(`ui.profile.${action}`)}
  </button>`;
  return html`<div class="actions">
    <button
      type="button"
      class="quiet small"
      part="button"
      id="edit-${profile.id}"
      aria-label="${words.text("ui.profile.edit")}: ${profile.name}"
      @click=${() => setup.editProfile(profile.id)}
    >
      ${words.text("ui.profile.edit")}
    </button>
    ${button("rename")} ${button("duplicate")} ${button("remove")}
  </div>`;
}

/** In the page rather than over it: nothing is hidden while one decides. */
function dialogView(context: Context, dialog: ProfileDialog, profile: Profile): View {
  const { words, setup } = context;
  const { action, busy } = dialog;
  const isRemoval = action === "remove";
  return html`<form
    class="confirm"
    novalidate
    aria-labelledby="dialog-title"
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      void setup.confirm();
    }}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === "Escape") setup.closeDialog();
    }}
  >
    <p id="dialog-title"><b>${words.text(`ui.profile.${action}_question`, { name: profile.name })}</b></p>
    ${isRemoval ? nothing : nameInput(context, dialog)} ${dialogProblem(context, dialog)}
    <div class="actions">
      <button
        type="submit"
        id="dialog-confirm"
        class=${isRemoval ? "danger" : "primary"}
        part="button ${isRemoval ? "danger-button" : "primary-button"}"
        ?disabled=${busy}
      >
        ${words.text(`ui.profile.${action}`)}
      </button>
      <button type="button" part="button" @click=${() => setup.closeDialog()}>${words.text("ui.cancel")}</button>
    </div>
  </form>`;
}

function nameInput({ words, setup }: Context, { name, trouble }: ProfileDialog): View {
  return html`<div class="field ${trouble === undefined ? "" : "has-problem"}">
    <label for="dialog-name">${words.text("field.name.label")}</label>
    <div class="control" part="control">
      <input
        id="dialog-name"
        part="input"
        type="text"
        .value=${name}
        autocomplete="off"
        aria-required="true"
        aria-invalid=${trouble === undefined ? "false" : "true"}
        aria-describedby="dialog-problem"
        @input=${(event: InputEvent) => setup.nameIn((event.target as HTMLInputElement).value)}
      />
    </div>
  </div>`;
}

/** What stands in the way, and, where something needs the profile, what. */
function dialogProblem({ words }: Context, { trouble }: ProfileDialog): View {
  if (trouble === undefined) return html`<div id="dialog-problem"></div>`;
  const places = (trouble.problems ?? []).filter(({ field }) => field === "integration" || field === "connections");
  const own: FieldProblem | undefined = trouble.problems?.find(({ field }) => field === "name");
  return html`<div id="dialog-problem" class="note" role="alert" tabindex="-1">
    <p class="problem">${code(words.error(own ?? trouble))}</p>
    ${when(
      places.length > 0,
      () => html`<ul>
        ${places.map(({ field }) => html`<li>${words.text(`ui.profile.used_by.${field}`)}</li>`)}
      </ul>`,
    )}
  </div>`;
}

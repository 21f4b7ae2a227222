import { html, nothing, type TemplateResult } from "lit";
import { allShownProblems, type Field, hasSavedSecret, type ProfileForm, type Verdict } from "../connect/form.js";
import type { Flow, Mode, Profile } from "../connect/types.js";
import { advancedSection } from "./advanced.js";
import { callbackUrlBlock } from "./callback-url.js";
import { fieldId, prose, textField } from "./field.js";
import { scopeSection } from "./scopes.js";

export interface FormActions {
  edit: (field: Field, value: string) => void;
  leave: (field: Field) => void;
  paste: (field: Field, value: string) => boolean;
  toggleScope: (name: string, on: boolean) => void;
  showSecret: (show: boolean) => void;
  replaceSecret: (replace: boolean) => void;
  openAdvanced: (open: boolean) => void;
  choose: (choice: { flow?: Flow; mode?: Mode }) => void;
  selectProfile: (id: string) => void;
  copyCallbackUrl: () => void;
  submit: () => void;
  backToConnections: () => void;
}

export interface FormContext {
  form: ProfileForm;
  verdict: Verdict;
  profiles: Profile[];
  /** `https://{subdomain}.zendesk.com` */
  accountTemplate: string;
  /** The account's address as far as it is known. */
  account: string | undefined;
  secretShown: boolean;
  flow: Flow;
  mode: Mode;
  callbackUrl: string;
  copied: boolean;
  advancedOpen: boolean;
  hasConnections: boolean;
  busy: boolean;
  actions: FormActions;
}

export function profileForm(context: FormContext): TemplateResult {
  const { actions, form } = context;
  return html`<form
    class="card form"
    novalidate
    aria-labelledby="form-title"
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      actions.submit();
    }}
  >
    <div class="card-head">
      <h2 id="form-title">${form.profile === undefined ? "New authorization profile" : "Authorization profile"}</h2>
      ${profilePicker(context)}
    </div>
    ${problemSummary(context)}
    <section aria-labelledby="account-title">
      <h3 id="account-title">Account</h3>
      ${textField(context, {
        field: "name",
        label: "Profile name",
        help: "How you recognise these settings later, such as “Acme support”.",
      })}
      ${subdomainField(context)}
    </section>
    <section aria-labelledby="client-title">
      <h3 id="client-title">OAuth client</h3>
      ${callbackUrlBlock(context)} ${kindField(context)}
      ${textField(context, {
        field: "clientId",
        label: "Client ID",
        help: html`In Zendesk: <b>Unique identifier</b> of the OAuth client.`,
      })}
      ${form.values.clientKind === "public" ? nothing : secretField(context)}
    </section>
    ${scopeSection(context)} ${advancedSection(context)}
    <div class="actions">
      <button type="submit" class="button primary" ?disabled=${context.busy}>Authorize</button>
      <p class="muted">
        ${
          context.mode === "popup"
            ? "Saves the profile and opens Zendesk in a window, where you sign in and choose Allow."
            : "Saves the profile and takes this tab to Zendesk, where you sign in and choose Allow."
        }
      </p>
      ${
        context.hasConnections
          ? html`<button type="button" class="button quiet" @click=${actions.backToConnections}>Back to connections</button>`
          : nothing
      }
    </div>
  </form>`;
}

function profilePicker({ profiles, form, actions }: FormContext): TemplateResult | typeof nothing {
  if (profiles.length === 0) return nothing;
  return html`<div class="picker">
    <label for="profile-picker">Profile</label>
    <select
      id="profile-picker"
      @change=${(event: Event) => actions.selectProfile((event.target as HTMLSelectElement).value)}
    >
      <option value="" ?selected=${form.profile === undefined}>New profile</option>
      ${profiles.map(
        (profile) =>
          html`<option value=${profile.id} ?selected=${profile.id === form.profile?.id}>${profile.name}</option>`,
      )}
    </select>
  </div>`;
}

function problemSummary({ form, verdict }: FormContext): TemplateResult | typeof nothing {
  const problems = allShownProblems(form, verdict);
  if (!form.submitted || problems.length === 0) return nothing;
  return html`<div class="summary" id="problem-summary" tabindex="-1" role="alert">
    <h3>${problems.length === 1 ? "One thing to correct" : `${problems.length} things to correct`}</h3>
    <ul>
      ${problems.map(
        (problem) =>
          html`<li>
            <a href="#${fieldId(problem.field)}" @click=${focusField}
              ><b>${FIELD_LABELS[problem.field] ?? problem.field}:</b> ${prose(problem.message)}</a
            >
          </li>`,
      )}
    </ul>
  </div>`;
}

const FIELD_LABELS: Record<string, string> = {
  name: "Profile name",
  subdomain: "Subdomain",
  clientId: "Client ID",
  clientKind: "Client kind",
  clientSecret: "Client secret",
  scope: "Scopes",
  authorizationUrl: "Authorization URL",
  tokenUrl: "Token URL",
};

function focusField(event: Event): void {
  event.preventDefault();
  const link = event.currentTarget as HTMLAnchorElement;
  const field = document.getElementById(link.hash.slice(1));
  field?.focus();
}

function subdomainField(context: FormContext): TemplateResult {
  const { actions, account } = context;
  const suffix = context.accountTemplate.split("{subdomain}")[1] ?? "";
  return html`<div
    @paste=${(event: ClipboardEvent) => {
      if (actions.paste("subdomain", event.clipboardData?.getData("text") ?? "")) event.preventDefault();
    }}
  >
    ${textField(context, {
      field: "subdomain",
      label: "Subdomain",
      help: html`The <code>acme</code> in <code>acme.zendesk.com</code>. You may paste any address of your account.`,
      suffix,
      feedback:
        account === undefined
          ? nothing
          : html`<p class="feedback">Your account: <a href=${account} target="_blank" rel="noopener noreferrer">${account}</a></p>`,
    })}
  </div>`;
}

function kindField({ form, actions }: FormContext): TemplateResult {
  const kind = form.values.clientKind;
  const option = (value: string, label: string, help: string) =>
    html`<label class="choice">
      <input
        type="radio"
        name="clientKind"
        id=${value === "confidential" ? fieldId("clientKind") : nothing}
        value=${value}
        .checked=${kind === value}
        @change=${() => actions.edit("clientKind", value)}
      />
      <span><b>${label}</b><span class="help">${help}</span></span>
    </label>`;
  return html`<fieldset class="field choices">
    <legend>Client kind</legend>
    ${option("confidential", "Confidential", "Has a client secret. The usual kind.")}
    ${option("public", "Public", "Has no secret and relies on PKCE alone.")}
  </fieldset>`;
}

function secretField(context: FormContext): TemplateResult {
  const { form, actions, secretShown } = context;
  if (hasSavedSecret(form) && !form.replaceSecret) {
    return html`<div class="field">
      <span class="label" id="secret-label">Client secret</span>
      <div class="saved-secret">
        <span class="badge good">Saved</span>
        <span class="muted">It stays in the worker and cannot be read again.</span>
        <button
          type="button"
          class="button small"
          id=${fieldId("clientSecret")}
          aria-describedby="secret-label"
          @click=${() => actions.replaceSecret(true)}
        >
          Replace
        </button>
      </div>
    </div>`;
  }
  return html`${textField(context, {
    field: "clientSecret",
    label: "Client secret",
    type: secretShown ? "text" : "password",
    help: html`In Zendesk: <b>Secret</b>, shown in full only once, when the client is saved. It goes to the worker and
      cannot be read again.`,
    action: html`<button
      type="button"
      class="button inside"
      aria-label="${secretShown ? "Hide" : "Show"} the client secret"
      @click=${() => actions.showSecret(!secretShown)}
    >
      ${secretShown ? "Hide" : "Show"}
    </button>`,
  })}
  ${
    hasSavedSecret(form)
      ? html`<button type="button" class="button quiet small" @click=${() => actions.replaceSecret(false)}>
          Keep the saved secret
        </button>`
      : nothing
  }`;
}

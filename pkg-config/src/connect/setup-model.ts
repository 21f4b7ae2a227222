import type { FormKind } from "../types.js";
import type { Choice } from "./api.js";
import { formOf } from "./form.js";
import type { FormsModel } from "./forms-model.js";
import { migratedBySetup, setupTarget } from "./migration.js";
import { type Model, marked } from "./model.js";
import { fittingProfiles, mechanismFor, type ProfileDialog, upsert } from "./state.js";
import { targetOf } from "./target.js";
import { type Trouble, troubleFrom } from "./trouble.js";
import type { Access, AuthorizationKind, Connection, Integration, Mode, Profile, Target } from "./types.js";

const COPIED_FOR_MS = 2_500;

/** What an admin does: chooses one of the six ways, keeps profiles, authorizes, enables. */
export class SetupModel {
  readonly #model: Model;
  readonly #forms: FormsModel;
  #saving: Promise<unknown> = Promise.resolve();

  constructor(model: Model, forms: FormsModel) {
    this.#model = model;
    this.#forms = forms;
  }

  /** After a load: what is not set up yet opens for it. */
  opened(): void {
    const { integration, view, authorization } = this.#model.state;
    const isBeingChanged = view === "setup" && authorization !== undefined;
    if (integration !== undefined && !isBeingChanged && isUnfinished(integration)) this.open();
  }

  open(): void {
    const { integration } = this.#model.state;
    this.#model.update({
      view: "setup",
      authorization: integration?.authorization ?? undefined,
      access: integration?.access ?? undefined,
      selected: integration?.profile ?? "",
      form: undefined,
      dialog: undefined,
    });
    this.#prepareForm();
  }

  close(): void {
    this.#model.update({ view: "overview", form: undefined, dialog: undefined });
    this.#model.host.focus("state-title");
  }

  /** Chosen on the page only; saved by what follows. */
  choose(choice: { authorization?: AuthorizationKind; access?: Access }): void {
    this.#model.update({ ...choice, dialog: undefined });
    this.#prepareForm();
  }

  /** From an API token to OAuth. */
  migrate({ subdomain }: Connection): void {
    this.open();
    this.choose({ authorization: this.#model.state.integration?.systemClient ? "oauth-system" : "oauth-custom" });
    if (this.#model.state.form?.profile === undefined) this.#forms.edit("subdomain", subdomain);
    this.#model.host.focus("setup-title");
  }

  selectProfile(id: string): void {
    this.#model.update({ selected: id, form: undefined, dialog: undefined });
    if (id === "") this.#forms.open(this.#profileForm());
  }

  /** Because of some trouble: the field that most likely has to change is marked. */
  editProfile(id: string, trouble?: Trouble): void {
    const profile = this.#model.state.profiles.find((each) => each.id === id);
    if (profile === undefined) return;
    const { authorization } = this.#model.state;
    const isOpen = this.#model.state.view === "setup" && authorization !== undefined;
    if (!isOpen) this.open();
    const saved = formOf(profile, this.#model.accountTemplate);
    const form = trouble === undefined ? saved : marked(saved, trouble);
    this.#model.update({ selected: id, dialog: undefined, form, secretShown: new Set() });
    this.#model.host.focus(`field-${form.fromServer[0]?.field ?? "name"}`);
  }

  closeForm(): void {
    this.#model.update({ form: undefined });
    this.#model.host.focus(`profile-${this.#model.state.selected}`);
  }

  /** Must run inside the click: saves what is on the page, and authorizes the integration with it. */
  authorize(mode?: Mode): void {
    const { form, authorization, access } = this.#model.state;
    if (authorization === undefined || access === undefined) return;
    const values = form === undefined ? {} : this.#forms.valuesToSend();
    if (values === undefined) return;
    if (authorization === "basic") {
      void this.#model.connectBasic(async () => {
        await this.#choose(authorization, access, undefined);
        return this.#model.api.connectBasic(values);
      });
      return;
    }
    let saved: Target | undefined;
    const prepare = async (): Promise<Target> => {
      saved ??= await this.#saveAll(authorization, access, values);
      return saved;
    };
    this.#model.authorize(prepare, mode);
  }

  async save(): Promise<void> {
    const { form, authorization, access, busy } = this.#model.state;
    if (authorization === undefined || access === undefined || busy) return;
    const values = form === undefined ? {} : this.#forms.valuesToSend();
    if (values === undefined) return;
    await this.#busily(async () => {
      const profile = await this.#savedProfile(values);
      await this.#choose(authorization, access, profile);
      this.#model.update({ view: "overview", form: undefined });
      this.#model.say("ui.saved");
      this.#model.host.focus("state-title");
    });
  }

  async switch(isOn: boolean): Promise<void> {
    const { integration, busy } = this.#model.state;
    if (integration === undefined || busy) return;
    await this.#busily(async () => {
      const moved = await this.#model.api.switch(isOn, integration.version);
      this.#model.setIntegration(moved);
      this.#model.say(isOn ? "ui.switched.on" : "ui.switched.off");
      this.#model.host.focus("state-title");
    });
  }

  ask(action: ProfileDialog["action"], profile: Profile): void {
    const copy = this.#model.host.words().text("ui.profile.copy_of", { name: profile.name });
    const name = action === "duplicate" ? copy : profile.name;
    this.#model.update({ dialog: { action, id: profile.id, name, busy: false }, form: undefined });
    this.#model.host.focus(action === "remove" ? "dialog-confirm" : "dialog-name");
  }

  nameIn(name: string): void {
    const { dialog } = this.#model.state;
    if (dialog === undefined) return;
    const { trouble: _, ...others } = dialog;
    this.#model.update({ dialog: { ...others, name } });
  }

  closeDialog(): void {
    const { dialog } = this.#model.state;
    this.#model.update({ dialog: undefined });
    if (dialog !== undefined) this.#model.host.focus(`${dialog.action}-${dialog.id}`);
  }

  async confirm(): Promise<void> {
    const { dialog, profiles } = this.#model.state;
    const profile = profiles.find(({ id }) => id === dialog?.id);
    if (dialog === undefined || profile === undefined || dialog.busy) return;
    this.#model.update({ dialog: { ...dialog, busy: true } });
    try {
      await this.#carryOut(dialog, profile);
    } catch (failure) {
      this.#model.update({ dialog: { ...dialog, busy: false, trouble: troubleFrom(failure) } });
      this.#model.host.focus("dialog-problem");
    }
  }

  async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without permission the URL is selected, ready for the keyboard.
      this.#model.host.focus("callback-url");
      return;
    }
    this.#model.update({ copied: true });
    this.#model.say("ui.copied");
    setTimeout(() => this.#model.update({ copied: false }), COPIED_FOR_MS);
  }

  async #carryOut({ action, id, name }: ProfileDialog, profile: Profile): Promise<void> {
    const { api } = this.#model;
    if (action === "remove") {
      await api.removeProfile(id);
      const profiles = this.#model.state.profiles.filter((each) => each.id !== id);
      this.#model.update({ profiles, dialog: undefined });
      this.#prepareForm();
      this.#model.say("ui.profile.removed", { name: profile.name });
      this.#model.host.focus("profiles-title");
      return;
    }
    const saved =
      action === "duplicate"
        ? await api.duplicateProfile(id, name)
        : await api.saveProfile(renamed(profile, name), profile.id);
    const profiles = upsert(this.#model.state.profiles, saved);
    this.#model.update({ profiles, selected: saved.id, dialog: undefined, form: undefined });
    this.#model.say("ui.profile.saved", { name: saved.name });
    this.#model.host.focus(`profile-${saved.id}`);
  }

  /** The form of what is chosen. What was typed stays where it fits. */
  #prepareForm(): void {
    const { state } = this.#model;
    const { authorization, access, integration, form } = state;
    if (authorization === undefined || access === undefined) {
      this.#model.update({ form: undefined });
      return;
    }
    if (mechanismFor(authorization, access) === undefined) {
      const kind = authorization === "basic" ? "basic" : "oauth-system";
      if (access === "allow-users") this.#model.update({ form: undefined, selected: "" });
      else if (form?.kind !== kind) this.#forms.open(kind);
      return;
    }
    const kind = this.#profileForm();
    if (form?.kind === kind) return;
    const fitting = fittingProfiles(state);
    const known = [state.selected, integration?.profile].flatMap((id) => fitting.find((each) => each.id === id) ?? []);
    const profile = known[0] ?? fitting[0];
    this.#model.update({ selected: profile?.id ?? "", form: undefined });
    if (profile === undefined) this.#forms.open(kind);
  }

  #profileForm(): FormKind {
    return this.#model.state.authorization === "basic" ? "basic-profile" : "oauth-custom";
  }

  async #saveAll(authorization: AuthorizationKind, access: Access, values: Record<string, string>): Promise<Target> {
    const moved = migratedBySetup(this.#model.state);
    const profile = await this.#savedProfile(values);
    // Whoever is served goes on being served: the integration follows once the new access is confirmed.
    const target = moved && setupTarget(this.#model.state, moved, authorization, profile?.id);
    if (target !== undefined) return target;
    const integration = await this.#choose(authorization, access, profile);
    return targetOf(integration, this.#model.state.profiles, values.subdomain ?? "");
  }

  /** The profile that is selected, saved if it is being written. */
  #savedProfile(values: Record<string, string>): Promise<Profile | undefined> {
    // One after the other: a save that was cancelled on the page is seen through, and the next one changes what it made.
    const save = (): Promise<Profile | undefined> => this.#saveProfile(values);
    const saved = this.#saving.then(save, save);
    this.#saving = saved;
    return saved;
  }

  async #saveProfile(values: Record<string, string>): Promise<Profile | undefined> {
    const { state, api } = this.#model;
    const mechanism = mechanismFor(state.authorization, state.access);
    if (mechanism === undefined) return undefined;
    if (state.form === undefined) return state.profiles.find(({ id }) => id === state.selected);
    const known = state.form.profile;
    const body = { mechanism, ...values, ...(known && { version: known.version }) };
    const profile = await api.saveProfile(body, known?.id);
    // The typed secret is gone from the page as soon as the worker has it.
    this.#model.update({
      form: formOf(profile, this.#model.accountTemplate),
      profiles: upsert(this.#model.state.profiles, profile),
      selected: profile.id,
      secretShown: new Set(),
    });
    // Another client or account takes the integration back to where it has to be authorized.
    if (known !== undefined) await this.#model.refreshIntegration();
    return profile;
  }

  async #choose(authorization: AuthorizationKind, access: Access, profile: Profile | undefined): Promise<Integration> {
    const seen = this.#model.state.integration;
    const isChosen = seen?.authorization === authorization && seen.access === access;
    if (isChosen && seen.profile === (profile?.id ?? null)) return seen;
    const version = seen && { version: seen.version };
    const choice: Choice = { authorization, access, ...version, ...(profile && { profile: profile.id }) };
    const chosen = await this.#model.api.choose(choice);
    this.#model.setIntegration(chosen);
    return chosen;
  }

  async #busily(work: () => Promise<void>): Promise<void> {
    this.#model.update({ busy: true, trouble: undefined, farewell: undefined });
    try {
      await work();
    } catch (failure) {
      const trouble = troubleFrom(failure);
      this.#model.showTrouble(trouble);
      if (trouble.code.endsWith("_changed")) await this.#model.load();
    } finally {
      this.#model.update({ busy: false });
    }
  }
}

export function isUnfinished({ state }: Integration): boolean {
  return state === "unset" || state === "profile-missing" || state === "unverified";
}

/** Everything of a profile but its name, as the worker takes it. */
function renamed(profile: Profile, name: string): object {
  const { mechanism, subdomain, version } = profile;
  const { clientId, clientKind, authorizationUrl, tokenUrl, scope } = profile;
  return { mechanism, subdomain, version, clientId, clientKind, authorizationUrl, tokenUrl, scope, name };
}

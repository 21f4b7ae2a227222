import type { FormKind } from "../types.js";
import { IDLE } from "./authorization.js";
import { allShownProblems, blankForm, bodyOf, edit, type FormState, judge, touch, type Values } from "./form.js";
import { fieldsOf } from "./forms.js";
import { userTarget } from "./migration.js";
import type { Model } from "./model.js";
import { isOpenToUsers } from "./state.js";
import { subdomainIn, targetOf } from "./target.js";
import type { Connection, Integration, Mode, Profile } from "./types.js";

/** Filling in a form, and what an end user does with it. */
export class FormsModel {
  readonly model: Model;

  constructor(model: Model) {
    this.model = model;
  }

  change(how: (form: FormState) => FormState): void {
    const { form } = this.model.state;
    if (form !== undefined) this.model.update({ form: how(form) });
  }

  edit(field: string, value: string): void {
    this.change((form) => edit(form, field, value));
  }

  /** Nothing is half typed here: what is wrong with it shows at once. */
  choose(field: string, value: string): void {
    this.change((form) => touch(edit(form, field, value), field));
  }

  /** What was typed as an address becomes the subdomain in it. */
  leave(field: string): void {
    this.change((form) => {
      const plain = this.#isSubdomain(form.kind, field) ? subdomainIn(form.values[field] ?? "") : undefined;
      return touch(plain === undefined ? form : edit(form, field, plain), field);
    });
  }

  /** Whether an address was pasted, and the subdomain in it was taken. */
  paste(field: string, pasted: string): boolean {
    const { form } = this.model.state;
    if (form === undefined || !this.#isSubdomain(form.kind, field)) return false;
    const plain = subdomainIn(pasted);
    if (plain === undefined || plain === pasted) return false;
    this.change((now) => touch(edit(now, field, plain), field));
    return true;
  }

  showSecret(field: string, isShown: boolean): void {
    const secretShown = new Set(this.model.state.secretShown);
    if (isShown) secretShown.add(field);
    else secretShown.delete(field);
    this.model.update({ secretShown });
  }

  replaceSecret(field: string, replaceSecret: boolean): void {
    this.change((form) => ({ ...(replaceSecret ? form : edit(form, field, "")), replaceSecret }));
    this.showSecret(field, false);
    this.model.host.focus(`field-${field}`);
  }

  open(kind: FormKind, given: Values = {}): void {
    this.model.update({ form: blankForm(kind, this.model.accountTemplate, given), secretShown: new Set() });
  }

  /** The values to send, or nothing where something is wrong: then the problems are shown. */
  valuesToSend(): Values | undefined {
    const { form } = this.model.state;
    if (form === undefined) return undefined;
    const submitted: FormState = { ...form, submitted: true, fromServer: [] };
    const verdict = judge(submitted, this.model.accountTemplate);
    this.model.update({ form: submitted, running: IDLE, trouble: undefined });
    if (verdict.problems.length === 0) return bodyOf(submitted, verdict);
    const isAdvanced = (name: string): boolean =>
      fieldsOf(form.kind).some((field) => field.name === name && field.input === "url");
    if (allShownProblems(submitted, verdict).some(({ field }) => isAdvanced(field))) {
      this.model.update({ advancedOpen: true });
    }
    this.model.host.focus("problem-summary");
    return undefined;
  }

  /** A user's form, as far as the integration asks for one. */
  openForUser(): void {
    const { integration, profiles, form } = this.model.state;
    const kind = integration && isOpenToUsers(integration) ? formForUser(integration) : undefined;
    if (kind === undefined) {
      this.model.update({ form: undefined });
      return;
    }
    const given = kind === "basic" ? fixedAccount(profiles) : {};
    // What is being typed outlives a reload of the rest.
    const isSame = form?.kind === kind && [...form.given].join() === Object.keys(given).join();
    if (!isSame) this.open(kind, given);
  }

  /** What was typed is not wanted after all. */
  close(): void {
    this.model.update({ form: undefined });
    this.model.host.focus("content");
  }

  /** An end user's click on Connect: must run inside it. */
  connectAsUser(mode?: Mode): void {
    const { state, api } = this.model;
    const { integration, form } = state;
    if (integration === undefined) return;
    const values = form === undefined ? {} : this.valuesToSend();
    if (values === undefined) return;
    if (integration.authorization === "basic") {
      void this.model.connectBasic(() => api.connectBasic(values));
      return;
    }
    this.model.authorize(async () => targetOf(integration, state.profiles, values.subdomain ?? ""), mode);
  }

  /** The same account once more: must run inside the click. */
  authorizeAgain(connection: Connection): void {
    const { integration, profiles } = this.model.state;
    if (integration === undefined) return;
    if (integration.authorization === "basic") {
      if (this.model.isAdmin) this.model.update({ view: "setup", authorization: "basic", access: "pre-authorize" });
      this.open("basic", this.model.isAdmin ? {} : fixedAccount(profiles));
      this.edit("subdomain", connection.subdomain);
      this.edit("email", connection.user.email ?? "");
      this.model.host.focus("field-apiToken");
      return;
    }
    this.model.authorize(async () => targetOf(integration, profiles, connection.subdomain));
  }

  /** From an API token to OAuth: must run inside the click. */
  migrate(connection: Connection): void {
    const target = userTarget(this.model.state, connection);
    if (target !== undefined) this.model.authorize(async () => target);
  }

  #isSubdomain(kind: FormKind, field: string): boolean {
    return fieldsOf(kind).some(({ name, input }) => name === field && input === "subdomain");
  }
}

/** The account that a user's Basic profile fixes. */
function fixedAccount([profile]: Profile[]): Values {
  return profile?.subdomain ? { subdomain: profile.subdomain } : {};
}

/** The form that a user has to fill in: none where the profile says it all. */
export function formForUser({ authorization }: Integration): FormKind | undefined {
  if (authorization === "basic") return "basic";
  return authorization === "oauth-system" ? "oauth-system" : undefined;
}

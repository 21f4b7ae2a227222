import { validateForm } from "zendesk-auth";
import type { FormKind } from "../types.js";
import { type FieldDescription, fieldsOf, isRequired } from "./forms.js";
import type { FieldProblem, Profile } from "./types.js";

const ZENDESK = "https://{subdomain}.zendesk.com";
/** The least that every connection needs: to say who it is, the worker asks Zendesk with it. */
const FIRST_SCOPE = "read";

export type Values = Record<string, string>;

/** A form as it is being filled in: what was typed, and what may be said about it by now. */
export interface FormState {
  kind: FormKind;
  values: Values;
  /** The saved profile that is being edited. */
  profile?: Profile;
  /** A saved secret stays unless a new one is typed. */
  replaceSecret: boolean;
  /** Fields that are not asked for: the account, where a profile fixes it. */
  given: ReadonlySet<string>;
  /** Left once, so its problems are shown as one types. */
  touched: ReadonlySet<string>;
  submitted: boolean;
  /** What the worker said; gone as soon as the field changes. */
  fromServer: FieldProblem[];
}

export interface Verdict {
  problems: FieldProblem[];
  warnings: FieldProblem[];
  /** What to send. */
  values: Values;
}

export function blankForm(kind: FormKind, accountTemplate: string, given: Values = {}): FormState {
  const values = fieldsOf(kind).map(({ name, input, default: value = "" }) => {
    const initial = input === "scopes" ? FIRST_SCOPE : value.replace(ZENDESK, accountTemplate);
    return [name, given[name] ?? initial] as const;
  });
  return {
    kind,
    values: Object.fromEntries(values),
    replaceSecret: false,
    given: new Set(Object.keys(given)),
    touched: new Set(),
    submitted: false,
    fromServer: [],
  };
}

/** A saved profile, to be edited. Its secret never comes back. */
export function formOf(profile: Profile, accountTemplate: string): FormState {
  const kind = profile.mechanism === "basic" ? "basic-profile" : "oauth-custom";
  const saved = Object.entries(profile).filter(([, value]) => typeof value === "string" && value !== "");
  const blank = blankForm(kind, accountTemplate);
  const values = Object.keys(blank.values).map((name) => [name, ""]);
  const known = saved.filter(([name]) => name in blank.values);
  return { ...blank, values: { ...Object.fromEntries(values), ...Object.fromEntries(known) }, profile };
}

export function edit(form: FormState, field: string, value: string): FormState {
  return {
    ...form,
    values: { ...form.values, [field]: value },
    fromServer: form.fromServer.filter((problem) => problem.field !== field),
  };
}

export function touch(form: FormState, field: string): FormState {
  return { ...form, touched: new Set([...form.touched, field]) };
}

/** Takes every typed secret out of the form. */
export function withoutSecrets(form: FormState): FormState {
  const secrets = fieldsOf(form.kind).filter(({ input }) => input === "secret");
  return secrets.reduce((now, { name }) => edit(now, name, ""), form);
}

/** The worker keeps a secret for the client and the account it was typed for, and for no other. */
export function hasSavedSecret({ profile, values }: FormState): boolean {
  if (!profile?.clientSecretSet || values.clientKind === "public") return false;
  return values.clientId?.trim() === profile.clientId && values.subdomain?.trim() === profile.subdomain;
}

/** What a form's conditions are judged by. */
function judged(form: FormState): Values {
  const saved = hasSavedSecret(form) && !form.replaceSecret;
  return { ...form.values, ...(saved && { clientSecretSet: "true" }) };
}

/** The fields that are asked for now: no secret of a public client, no account that a profile fixes. */
export function shownFields(form: FormState): FieldDescription[] {
  const values = form.values;
  return fieldsOf(form.kind).filter((field) => {
    const isPointless = typeof field.required === "object" && !isRequired(field, values);
    return !form.given.has(field.name) && !isPointless;
  });
}

/** The same check, with the same codes and messages, as the worker's. */
export function judge(form: FormState, accountTemplate: string): Verdict {
  const { problems, warnings, values } = validateForm(form.kind, judged(form), { accountTemplate });
  return { problems, warnings, values };
}

/** The problem to show at a field now: none while a person is still typing it for the first time. */
export function shownProblem(form: FormState, verdict: Verdict, field: string): FieldProblem | undefined {
  const server = form.fromServer.find((problem) => problem.field === field);
  if (server !== undefined) return server;
  if (!form.submitted && !form.touched.has(field)) return undefined;
  return verdict.problems.find((problem) => problem.field === field);
}

export function allShownProblems(form: FormState, verdict: Verdict): FieldProblem[] {
  return fieldsOf(form.kind).flatMap(({ name }) => shownProblem(form, verdict, name) ?? []);
}

/** What is sent to the worker: a secret only where one was typed, no account that was given. */
export function bodyOf(form: FormState, verdict: Verdict): Values {
  const sent = shownFields(form).map(({ name }) => [name, verdict.values[name] ?? form.values[name] ?? ""]);
  return Object.fromEntries(sent.filter(([, value]) => value !== ""));
}

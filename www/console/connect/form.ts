import { validateForm } from "zendesk-auth";
import { scopesOf } from "./scopes.js";
import type { FieldProblem, Profile } from "./types.js";

export const FIELDS = [
  "name",
  "subdomain",
  "clientKind",
  "clientId",
  "clientSecret",
  "scope",
  "authorizationUrl",
  "tokenUrl",
] as const;

export type Field = (typeof FIELDS)[number];
export type Values = Record<Field, string>;

/** The form of an OAuth - Custom profile: what was typed, and what may be said about it by now. */
export interface ProfileForm {
  values: Values;
  /** The saved profile that is being edited. */
  profile?: Profile;
  /** A saved secret stays unless a new one is typed. */
  replaceSecret: boolean;
  /** Left once, so its problems are shown as one types. */
  touched: ReadonlySet<string>;
  submitted: boolean;
  /** What the server said; gone as soon as the field changes. */
  fromServer: FieldProblem[];
}

export interface Verdict {
  problems: FieldProblem[];
  warnings: FieldProblem[];
  normalised: Values;
}

const BLANK: Values = {
  name: "",
  subdomain: "",
  clientKind: "confidential",
  clientId: "",
  clientSecret: "",
  scope: "read",
  authorizationUrl: "",
  tokenUrl: "",
};

export function blankForm(accountTemplate: string): ProfileForm {
  return {
    values: {
      ...BLANK,
      authorizationUrl: `${accountTemplate}/oauth/authorizations/new`,
      tokenUrl: `${accountTemplate}/oauth/tokens`,
    },
    replaceSecret: false,
    touched: new Set(),
    submitted: false,
    fromServer: [],
  };
}

export function formOf(profile: Profile): ProfileForm {
  const { name, subdomain, clientKind, clientId, authorizationUrl, tokenUrl, scope } = profile;
  return {
    values: {
      name,
      subdomain,
      clientKind,
      clientId,
      clientSecret: "",
      authorizationUrl,
      tokenUrl,
      scope: scopesOf(scope).join(" "),
    },
    profile,
    replaceSecret: false,
    touched: new Set(),
    submitted: false,
    fromServer: [],
  };
}

export function edit(form: ProfileForm, field: Field, value: string): ProfileForm {
  return {
    ...form,
    values: { ...form.values, [field]: value },
    fromServer: form.fromServer.filter((problem) => problem.field !== field),
  };
}

export function touch(form: ProfileForm, field: Field): ProfileForm {
  return { ...form, touched: new Set([...form.touched, field]) };
}

/** The worker keeps a secret for the client and the account it was typed for, and for no other. */
export function hasSavedSecret({ profile, values }: ProfileForm): boolean {
  if (profile === undefined || !profile.clientSecretSet || values.clientKind !== "confidential") return false;
  return values.clientId.trim() === profile.clientId && values.subdomain.trim() === profile.subdomain;
}

/** The same check, with the same codes and messages, as the worker's. */
export function judge(form: ProfileForm, accountTemplate: string): Verdict {
  const saved = hasSavedSecret(form) && !form.replaceSecret;
  const answer = validateForm(
    "oauth-custom",
    { ...form.values, ...(saved && { clientSecretSet: "true" }) },
    { accountTemplate },
  );
  return {
    problems: answer.problems,
    warnings: answer.warnings,
    normalised: { ...form.values, ...answer.values } as Values,
  };
}

/** The problem to show at a field now: none while a person is still typing it for the first time. */
export function shownProblem(form: ProfileForm, verdict: Verdict, field: Field): FieldProblem | undefined {
  const server = form.fromServer.find((problem) => problem.field === field);
  if (server !== undefined) return server;
  if (!form.submitted && !form.touched.has(field)) return undefined;
  return verdict.problems.find((problem) => problem.field === field);
}

export function allShownProblems(form: ProfileForm, verdict: Verdict): FieldProblem[] {
  return FIELDS.flatMap((field) => shownProblem(form, verdict, field) ?? []);
}

/** What is sent to the worker; a secret only where one was typed. */
export function bodyOf(verdict: Verdict): Record<string, string> {
  const { clientSecret, ...body } = verdict.normalised;
  delete (body as Record<string, string>).clientSecretSet;
  const sendsSecret = body.clientKind === "confidential" && clientSecret !== "";
  return sendsSecret ? { ...body, clientSecret } : body;
}

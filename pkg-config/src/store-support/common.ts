import { ZendeskAuthError } from "../error.js";

/** Entries of a page: what was asked for, 100 unless told, never more than `most`. */
export function pageSize(limit: number | undefined, most: number): number {
  return Math.max(1, Math.min(Math.floor(limit ?? 100) || 1, most));
}

/** Random rather than counted: a counter that a crash sets back would give two writes one version. */
export function newVersion(): string {
  return crypto.randomUUID();
}

/** How a name that a user chose for their records is refused. */
export function optionInvalid(field: string, message: string): ZendeskAuthError {
  const problems = [{ field, code: "field_invalid", message }];
  return new ZendeskAuthError("configuration_invalid", `the store's options are not valid: ${field}: ${message}`, {
    problems,
  });
}

/** A misspelt option would silently keep the records in another place, so it is refused. */
export function refuseOthers(others: object): void {
  const [field] = Object.keys(others);
  if (field !== undefined)
    throw new ZendeskAuthError("option_unknown", `there is no option \`${field}\`: check its spelling`, { field });
}

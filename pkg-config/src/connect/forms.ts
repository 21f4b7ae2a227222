import descriptions from "#forms";
import type { FormKind } from "../types.js";

/** One field, as the crate describes it (src/form_fields.rs); its words are in the catalogues. */
export interface FieldDescription {
  name: string;
  input: "text" | "subdomain" | "email" | "secret" | "choice" | "url" | "scopes" | "flag";
  required: boolean | { unless: Record<string, string> };
  /** The greatest number of characters. */
  limit?: number;
  default?: string;
  options?: string[];
}

/** The fields of a form that people see, in their order. */
export function fieldsOf(kind: FormKind): FieldDescription[] {
  return (descriptions[kind] ?? []).filter((field) => field.input !== "flag");
}

/** Whether a field must be filled in, with what is in the others. */
export function isRequired({ required }: FieldDescription, values: Record<string, string>): boolean {
  if (typeof required === "boolean") return required;
  return !Object.entries(required.unless).some(([field, value]) => values[field] === value);
}

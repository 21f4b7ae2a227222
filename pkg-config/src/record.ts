import { ZendeskAuthError } from "./error.js";

// Fields are separated by U+001F and groups by U+001E (src/wasm/record.rs). In what comes from outside both become
// U+0000, which the core refuses as any other control character.
const FIELD = "\u001f";
const GROUP = "\u001e";
// biome-ignore lint/suspicious/noControlCharactersInRegex: the separators are control characters on purpose
const SEPARATORS = /[\u001e\u001f]/g;

export const join = (...fields: (string | number | undefined)[]): string =>
  fields.map((field) => String(field ?? "").replace(SEPARATORS, "\0")).join(FIELD);

/** The answer's groups of fields; an error record is thrown. */
export function groups(answer: string): string[][] {
  const [first = [], ...others] = answer.split(GROUP).map((group) => group.split(FIELD));
  const [status, ...fields] = first;
  if (status !== "0") {
    const [code = "", message = "", field, error, errorDescription] = fields;
    throw new ZendeskAuthError(code, error ? `${message} (\`${error}\`)` : message, {
      ...(field && { field }),
      ...(error && { error }),
      ...(errorDescription && { errorDescription }),
    });
  }
  // A group after the first begins with the separator of its first field.
  return [fields, ...others.map((group) => group.slice(1))];
}

/** The fields of an answer of one group. */
export const fields = (answer: string): string[] => groups(answer)[0] as string[];

/** A group cut into rows of `width` fields. */
export function rows(group: string[] = [], width: number): string[][] {
  return Array.from({ length: group.length / width }, (_, row) => group.slice(row * width, (row + 1) * width));
}

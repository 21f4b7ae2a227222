import { isZendeskAuthError } from "../error.js";
import type { FieldProblem } from "./types.js";

/** A failure as data: it can be shown, kept across a navigation and compared in a test. */
export interface Trouble {
  code: string;
  message: string;
  status?: number;
  error?: string;
  errorDescription?: string;
  retryAfter?: number;
  problems?: FieldProblem[];
}

export class TroubleError extends Error {
  override readonly name = "TroubleError";

  constructor(readonly trouble: Trouble) {
    super(trouble.message);
  }
}

export function trouble(code: string, message = ""): TroubleError {
  return new TroubleError({ code, message });
}

export function troubleFrom(thrown: unknown): Trouble {
  if (thrown instanceof TroubleError) return thrown.trouble;
  if (isZendeskAuthError(thrown)) return fromPackage(thrown);
  if (thrown instanceof DOMException && thrown.name === "TimeoutError") {
    return { code: "network_timeout", message: "the worker did not answer in time" };
  }
  // fetch rejects with a TypeError and nothing more when the network fails.
  if (thrown instanceof TypeError) return { code: "network_failed", message: thrown.message };
  return { code: "unexpected", message: thrown instanceof Error ? thrown.message : String(thrown) };
}

function fromPackage(error: Trouble): Trouble {
  const { code, message, status, error: answered, errorDescription, retryAfter, problems } = error;
  return defined({ code, message, status, error: answered, errorDescription, retryAfter, problems });
}

/** Reads an RFC 9457 problem document, or what stands in its place. */
export async function troubleFromResponse(response: Response): Promise<Trouble> {
  const body: unknown = await response.json().catch(() => undefined);
  const problem = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  return defined({
    code: text(problem.code) ?? `http_${response.status}`,
    message: text(problem.detail) ?? text(problem.title) ?? `the worker answered ${response.status}`,
    status: response.status,
    error: text(problem.error),
    errorDescription: text(problem.errorDescription),
    retryAfter: typeof problem.retryAfter === "number" ? problem.retryAfter : undefined,
    problems: Array.isArray(problem.problems) ? (problem.problems as FieldProblem[]) : undefined,
  });
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

type Loose<T> = { [K in keyof T]: T[K] | undefined };

function defined(loose: Loose<Trouble>): Trouble {
  return Object.fromEntries(Object.entries(loose).filter(([, value]) => value !== undefined)) as unknown as Trouble;
}

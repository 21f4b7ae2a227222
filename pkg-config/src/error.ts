/** One form field or option that is wrong, and what to do about it. */
export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}

/** What an error may carry besides its code and message. Never a secret. */
export interface ErrorDetails {
  /** HTTP status of the answer that was refused. */
  status?: number | undefined;
  /** The wire's `error` (RFC 6749 section 5.2). */
  error?: string;
  /** The wire's `error_description`. */
  errorDescription?: string;
  /** Seconds to wait before the same call may work. */
  retryAfter?: number;
  /** The option or form field that is wrong. */
  field?: string;
  /** Every wrong field, where a whole form or configuration was judged. */
  problems?: FieldProblem[];
  cause?: unknown;
}

/** Every error of this package. `code` is stable, also `input_too_long`, which any function of too much text may throw; the message says what was wrong and what to do. */
export class ZendeskAuthError extends Error {
  override readonly name: "ZendeskAuthError" = "ZendeskAuthError";
  readonly code: string;
  declare readonly status?: number;
  declare readonly error?: string;
  declare readonly errorDescription?: string;
  declare readonly retryAfter?: number;
  declare readonly field?: string;
  declare readonly problems?: FieldProblem[];

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details);
    this.code = code;
    const { cause: _, ...shown } = details;
    for (const [name, value] of Object.entries(shown)) if (value) Object.assign(this, { [name]: value });
  }
}

/** Whether a value is this package's error, also when it comes from another copy of the package. */
export function isZendeskAuthError(value: unknown): value is ZendeskAuthError {
  return value instanceof Error && value.name === "ZendeskAuthError" && "code" in value;
}

export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}

/** What the worker refused, as its problem document says it. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly code: string,
    message: string,
    readonly problems: FieldProblem[] = [],
  ) {
    super(message);
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as {
    code?: string;
    detail?: string;
    problems?: FieldProblem[];
  };
  const { code = `http_${response.status}`, detail = `the worker answered ${response.status}`, problems } = body;
  return new Problem(code, detail, problems);
}

/** Messages are lower case and without a full stop, to be put into a sentence. */
export function sentenceOf(failure: unknown): string {
  if (failure instanceof TypeError) return "The worker cannot be reached. Check that it still runs, then try again.";
  const message = failure instanceof Error ? failure.message : String(failure);
  const begun = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

import { problemOf } from "./problem.js";

/** The local worker's own endpoint; a product mints sessions on its backend, for whom it has signed in. */
export async function mintSession(subject?: string): Promise<string> {
  const whose = subject === undefined ? "" : `?${new URLSearchParams({ role: "user", subject })}`;
  const response = await fetch(`/console/session${whose}`, { method: "POST" });
  if (!response.ok) throw await problemOf(response);
  return ((await response.json()) as { session: string }).session;
}

const SUBJECT = "zendesk-auth-console:subject";

/** The end user that this tab is tried as; undefined: the admin. A product knows by its own sign-in. */
export function whoseTab(): string | undefined {
  return sessionStorage.getItem(SUBJECT) ?? undefined;
}

export function keepWhoseTab(subject: string): void {
  sessionStorage.setItem(SUBJECT, subject);
}

const PARAMETER = "zendesk_auth_transaction";

let taken: { id: string | undefined } | undefined;

/** The mark of a finished redirect; taken out of the address as soon as somebody asks, and remembered for this page. */
export function returnedTransaction(): string | undefined {
  taken ??= { id: take() };
  return taken.id;
}

function take(): string | undefined {
  const url = new URL(location.href);
  const id = url.searchParams.get(PARAMETER) ?? undefined;
  if (id === undefined) return undefined;
  url.searchParams.delete(PARAMETER);
  history.replaceState(history.state, "", url);
  return id;
}

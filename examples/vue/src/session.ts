/** Asked by the element when it first needs a session, and again when that has expired. */
export async function session(): Promise<string> {
  const response = await fetch("/api/zendesk-session", { method: "POST" });
  if (!response.ok) throw new Error(`the backend gave no session: ${response.status}`);
  return (await response.json()).session;
}

import type { Env } from "./env.js";

interface Service {
  fetch(request: Request): Promise<Response>;
}

/**
 * Whoever opens the console of this machine may use it as an admin, or try it as any end user. So the call must come from
 * the console's own page: neither from another site, nor through a name that was pointed at this machine afterwards (DNS
 * rebinding). A product decides by its own sign-in who is asking.
 */
export async function mintConsoleSession(request: Request, env: Env, edge: Service): Promise<Response> {
  if (request.method !== "POST") return refuse(405, "only POST makes a session", { allow: "POST" });
  const own = new URL(env.PUBLIC_URL);
  if (!isLoopback(own.hostname)) return refuse(404, "the console signs nobody in outside local development");
  if (request.headers.get("host") !== own.host) return refuse(421, `this console answers only to ${own.host}`);
  if (!isFromOwnPage(request, own.origin)) return refuse(403, "only the console's own page may ask for a session");
  const asked = new URL(request.url).searchParams;
  // What is missing or wrong in role and subject, the worker says itself.
  const whose = { role: asked.get("role") ?? "admin", ...(asked.has("subject") && { subject: asked.get("subject") }) };
  return edge.fetch(
    new Request(`${own.href.replace(/\/$/, "")}/sessions`, {
      method: "POST",
      headers: { authorization: `Bearer ${env.ADMIN_KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ tenant: "default", expiresIn: 3600, ...whose }),
    }),
  );
}

/** Browsers add both headers themselves and no page can set them; a caller that sends neither is no browser. */
function isFromOwnPage(request: Request, origin: string): boolean {
  const site = request.headers.get("sec-fetch-site");
  const from = request.headers.get("origin");
  if (site === null && from === null) return false;
  return (site ?? "same-origin") === "same-origin" && (from ?? origin) === origin;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
}

function refuse(status: number, detail: string, headers: Record<string, string> = {}): Response {
  const body = { type: "about:blank", title: "The console's session was refused", status, detail };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      ...headers,
    },
  });
}

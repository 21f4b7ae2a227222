interface Env {
  /** Where zendesk-auth's worker is: `https://auth.example.com` */
  WORKER_URL: string;
  /** The worker's admin key. It stays here; pages get short-lived sessions. */
  ADMIN_KEY: string;
  /** What `vite build` made. */
  ASSETS: { fetch(request: Request): Promise<Response> };
}

/** In place of your own sign-in: whoever opens the page is Jane. */
const visitor = { id: "jane" };

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/zendesk-session" && request.method === "POST") return zendeskSession(env);
    return env.ASSETS.fetch(request);
  },
};

/** A session of 15 minutes for the visitor alone: `{ session, … }`. */
function zendeskSession(env: Env): Promise<Response> {
  return fetch(`${env.WORKER_URL}/sessions`, {
    method: "POST",
    headers: { authorization: `Bearer ${env.ADMIN_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ role: "user", subject: visitor.id }),
  });
}

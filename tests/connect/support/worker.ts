import { createEdge, type EdgeCaller, type EdgeConfig } from "zendesk-auth/edge";
import { memoryStore } from "zendesk-auth/stores/memory";

/**
 * A product with the component on its pages, on one origin with its worker: pages, sessions for whoever a test says is
 * signed in, and what only a test may have: a clock that it moves, another configuration, a fresh store.
 */
interface Env {
  PUBLIC_URL: string;
  ADMIN_KEY: string;
  SEALING_KEYS: string;
  ACCOUNT_TEMPLATE: string;
  SYSTEM_CLIENT: string;
  ASSETS: { fetch(request: Request): Promise<Response> };
}

/** Every answer of the service, for a test to hold against its description. Beside it, so that none of it is an answer. */
const answers: unknown[] = [];
let clockOffset = 0;
let store = memoryStore();
let edge: ReturnType<typeof createEdge> | undefined;
let options: Partial<Omit<EdgeConfig, "systemClient">> & { systemClient?: null } = {};
/** Whether the product says itself who asks, by its own cookie. */
let hasHook = false;

function edgeOf(env: Env): ReturnType<typeof createEdge> {
  edge ??= createEdge({
    publicUrl: env.PUBLIC_URL,
    adminKey: env.ADMIN_KEY,
    sealingKeys: JSON.parse(env.SEALING_KEYS),
    accountTemplate: env.ACCOUNT_TEMPLATE,
    systemClient: JSON.parse(env.SYSTEM_CLIENT),
    redirectUris: [`${env.PUBLIC_URL}/pages/callback`],
    returnTo: [`${env.PUBLIC_URL}/pages/`],
    product: "Example Product",
    store,
    now: () => Date.now() + clockOffset,
    ...options,
    // JSON has no undefined.
    ...(options.systemClient === null && { systemClient: undefined }),
    ...(hasHook && { adminKey: undefined, authenticate: signedIn }),
  });
  return edge;
}

/** A product's own sign-in. That the request comes from its own pages, its headers say. */
function signedIn(request: Request): EdgeCaller | null {
  const isOwn = request.headers.get("sec-fetch-site") === "same-origin";
  return isOwn && request.headers.get("cookie")?.includes("signed-in=admin") ? { role: "admin" } : null;
}

/** `?role=user&subject=jane`: who is signed in. `expiresIn` in seconds. */
async function mint(url: URL, env: Env): Promise<Response> {
  const { expiresIn, ...whose } = Object.fromEntries(url.searchParams);
  const minted = await edgeOf(env).fetch(
    new Request(`${env.PUBLIC_URL}/sessions`, {
      method: "POST",
      headers: { authorization: `Bearer ${env.ADMIN_KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ ...whose, ...(expiresIn && { expiresIn: Number(expiresIn) }) }),
    }),
  );
  const { session } = (await minted.json()) as { session: string };
  return new Response(session, { status: minted.status });
}

/** What a page may do: the policy that the documentation asks for, and no more. */
const policyOf = (worker: string): string =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    `connect-src 'self' ${worker}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types lit-html",
  ].join("; ");

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === "/test/clock") {
      clockOffset = Number(url.searchParams.get("offset"));
      return new Response("moved");
    }
    if (url.pathname === "/test/reset") {
      const { hook = false, ...others } = (await request.json()) as typeof options & { hook?: boolean };
      [options, hasHook] = [others, hook];
      [store, edge, clockOffset] = [memoryStore(), undefined, 0];
      return new Response("reset");
    }
    if (url.pathname === "/test/session") return mint(url, env);
    if (/^\/(?:pages|pkg)\//.test(url.pathname)) {
      const asset = await env.ASSETS.fetch(request);
      const response = new Response(asset.body, asset);
      response.headers.set("content-security-policy", policyOf(env.PUBLIC_URL));
      return response;
    }
    if (url.pathname === "/test/record") return Response.json({ answers });
    const response = await edgeOf(env).fetch(request);
    const { method } = request;
    const [headers, body] = [[...response.headers], await response.clone().text()];
    answers.push({ method, url: request.url, status: response.status, headers, body });
    return response;
  },
};

import { createEdge } from "zendesk-auth/edge";
import { durableObjectStore } from "zendesk-auth/stores/durable-object";
import { servePage } from "./console.js";
import { configuration, type Env } from "./env.js";
import { mintConsoleSession } from "./session.js";

export { StoreObject } from "zendesk-auth/stores/durable-object";

interface Context {
  waitUntil(work: Promise<unknown>): void;
}

let edge: ReturnType<typeof createEdge> | undefined;

function service(env: Env): ReturnType<typeof createEdge> {
  edge ??= createEdge({ ...configuration(env), store: durableObjectStore(env.STORE) });
  return edge;
}

export default {
  async fetch(request: Request, env: Env, context: Context): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/console/session") return mintConsoleSession(request, env, service(env));
    if (pathname === "/" || pathname.startsWith("/console/")) return servePage(request, env);
    return service(env).fetch(request, context);
  },

  /** By a cron trigger, every minute: what is due with nobody asking for it. */
  async scheduled(_event: unknown, env: Env, context: Context): Promise<void> {
    await service(env).sweep(context);
  },
};

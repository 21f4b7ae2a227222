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

export default {
  async fetch(request: Request, env: Env, context: Context): Promise<Response> {
    edge ??= createEdge({ ...configuration(env), store: durableObjectStore(env.STORE) });
    const { pathname } = new URL(request.url);
    if (pathname === "/console/session") return mintConsoleSession(request, env, edge);
    if (pathname === "/" || pathname.startsWith("/console/")) return servePage(request, env);
    return edge.fetch(request, context);
  },
};

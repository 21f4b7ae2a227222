import { createEdge, type Store } from "zendesk-auth/edge";
import { memoryStore } from "zendesk-auth/stores/memory";
import { servePage } from "../../../www/worker/console.js";
import { configuration, type Env } from "../../../www/worker/env.js";
import { mintConsoleSession } from "../../../www/worker/session.js";

export { StoreObject } from "zendesk-auth/stores/durable-object";

/**
 * The parts of www/worker with what only a test may have: a clock that it moves, and a record of every answer, every
 * value that was ever stored, and every event. The record lies beside the service, so nothing of it reaches an answer.
 */
const record: { answers: unknown[]; stored: { key: string; value: string }[]; events: unknown[] } = {
  answers: [],
  stored: [],
  events: [],
};
let clockOffset = 0;

function observed(store: Store): Store {
  return {
    get: (key) => store.get(key),
    put(key, value, options) {
      record.stored.push({ key, value });
      return store.put(key, value, options);
    },
    delete: (key, options) => store.delete(key, options),
    list: (prefix, options) => store.list(prefix, options),
  };
}

let store = memoryStore();
let edge: ReturnType<typeof createEdge> | undefined;

function service(env: Env): ReturnType<typeof createEdge> {
  const settings = configuration(env);
  edge ??= createEdge({
    ...settings,
    store: observed(store),
    now: () => Date.now() + clockOffset,
    onEvent: (event) => {
      record.events.push(event);
      return settings.onEvent?.(event);
    },
  });
  return edge;
}

async function serve(request: Request, env: Env, context: Context): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === "/console/session") return mintConsoleSession(request, env, service(env));
  if (pathname === "/" || pathname.startsWith("/console/")) return servePage(request, env);
  return service(env).fetch(request, context);
}

interface Context {
  waitUntil(work: Promise<unknown>): void;
}

export default {
  async scheduled(_event: unknown, env: Env, context: Context): Promise<void> {
    await service(env).sweep(context);
  },

  async fetch(request: Request, env: Env, context: Context): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === "/test/record") return Response.json(record);
    // As nobody has used it yet; the record goes on.
    if (url.pathname === "/test/reset") {
      store = memoryStore();
      edge = undefined;
      return Response.json({});
    }
    if (url.pathname === "/test/clock") {
      clockOffset = Number(url.searchParams.get("offset"));
      return Response.json({ clockOffset });
    }
    const response = await serve(request, env, context);
    const body = await response.clone().text();
    record.answers.push({
      method: request.method,
      url: request.url,
      status: response.status,
      headers: [...response.headers],
      body,
    });
    return response;
  },
};

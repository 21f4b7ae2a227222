import { Service } from "#edge-wasm";
import { connection } from "./edge-connection.js";
import { Host } from "./edge-host.js";
import { lines, maxBody, readBody } from "./edge-io.js";
import type { Edge, EdgeConfig, EdgeContext, EdgeSweep } from "./edge-types.js";
import { type FieldProblem, ZendeskAuthError } from "./error.js";

export type * from "./edge-types.js";
export { type ErrorDetails, type FieldProblem, isZendeskAuthError, ZendeskAuthError } from "./error.js";

/** What the service reads of a request's headers. Copying all of them across the boundary would cost more than the rest. */
const readHeaders = ["accept-language", "authorization", "content-type", "cookie", "origin", "sec-fetch-site"];
/** Calls whose bodies pass through. */
const passesThrough = /\/connections\/[^/]*\/proxy\//;
const storeMethods = ["get", "put", "delete", "list"] as const;

/**
 * Makes the worker's service. Neither time, chance nor network is touched, so it can be called where a worker starts.
 *
 * @throws {ZendeskAuthError} `configuration_invalid`, with every problem in `problems`
 */
export function createEdge(config: EdgeConfig): Edge {
  const service = configure(config);
  return {
    fetch: async (request, context) => (await answer(service, config, request, context)).response,
    connection: (id, options) =>
      connection(config, id, options, (request) => answer(service, config, request, options?.context, true)),
    sweep: (context) => sweep(service, config, context),
  };
}

async function sweep(service: Service, config: EdgeConfig, context: EdgeContext | undefined): Promise<EdgeSweep> {
  try {
    const host = new Host(config, undefined, context);
    service.sweep(host);
    return JSON.parse((await host.answer) as string) as EdgeSweep;
  } catch (thrown) {
    const code = typeof thrown === "string" ? thrown : "internal";
    throw new ZendeskAuthError(code, "the store cannot be reached just now: what is due is done by the next sweep");
  }
}

function configure(config: EdgeConfig): Service {
  const { store, fetch, now, onEvent, authenticate, ...plain } = Object(config) as EdgeConfig;
  const problems: FieldProblem[] = [];
  const missing = storeMethods.filter((method) => typeof store?.[method] !== "function");
  if (isWorkersKv(store)) {
    problems.push({ field: "store", code: "field_invalid", message: workersKv });
  } else if (missing.length > 0) {
    const message = `this must be an object with the methods get, put, delete and list: ${missing.join(", ")} missing`;
    problems.push({ field: "store", code: store === undefined ? "field_required" : "field_invalid", message });
  }
  for (const [field, value] of Object.entries({ fetch, now, onEvent, authenticate })) {
    if (value !== undefined && typeof value !== "function") {
      problems.push({ field, code: "field_invalid", message: "this must be a function" });
    }
  }
  let service: Service | undefined;
  try {
    service = new Service(toJson(authenticate === undefined ? plain : { ...plain, authenticate: true }));
  } catch (thrown) {
    if (typeof thrown !== "string") throw thrown;
    problems.unshift(...(JSON.parse(thrown) as FieldProblem[]));
  }
  if (service && problems.length === 0) return service;
  const listed = problems.map(({ field, message }) => `${field}: ${message}`).join("; ");
  throw new ZendeskAuthError("configuration_invalid", `the configuration is not valid: ${listed}`, { problems });
}

/** It has methods of the same names, and would lose refresh tokens without a word. */
function isWorkersKv(store: object | undefined): boolean {
  return typeof (store as { getWithMetadata?: unknown } | undefined)?.getWithMetadata === "function";
}

const workersKv =
  "this is a Workers KV namespace, which cannot hold connections: it has no compare-and-set and answers with values of a minute ago, so that two refreshes at once would lose the token that works. Use zendesk-auth/stores/durable-object, or zendesk-auth/stores/sql with D1";

/** What JSON would leave out or refuse is made visible as something of a wrong type, so that it is named as a problem. */
function toJson(plain: object): string {
  return JSON.stringify(plain, (_, value: unknown) =>
    typeof value === "function" || typeof value === "symbol" || typeof value === "bigint" ? {} : value,
  );
}

/** The answer, and whether it is Zendesk's rather than the service's own. */
async function answer(
  service: Service,
  config: EdgeConfig,
  request: Request,
  context: EdgeContext | undefined,
  isTrusted = false,
): Promise<{ response: Response; isPassedBack: boolean }> {
  const own = (response: Response) => ({ response, isPassedBack: false });
  let body: Uint8Array = new Uint8Array();
  try {
    // One byte more than the limit tells the service that the body was longer.
    if (!passesThrough.test(request.url.split("?", 1)[0] as string))
      body = (await readBody(request, maxBody)) ?? new Uint8Array(maxBody + 1);
  } catch {
    return own(problem(400, "body_invalid", "the body broke off before its end"));
  }
  const host = new Host(config, request, context, isTrusted);
  try {
    const headers: [string, string][] = [];
    for (const name of readHeaders) {
      const value = request.headers.get(name);
      if (value !== null) headers.push([name, value]);
    }
    service.handle(host, request.method, request.url, lines(headers), body);
    // A refresh that has begun is finished also where the caller has gone: what it brings would be lost.
    later(host.answer, context);
    const response = (await host.answer) as Response;
    if (host.parcels.length > 0) {
      const next = new Host(config, undefined, context);
      // In a turn of its own: the answer is there already, whatever becomes of this.
      const delivered = Promise.resolve().then(() => {
        service.deliver(next, host.parcels);
        return next.answer;
      });
      later(delivered, context);
    }
    const passed = host.relay.response(response.headers);
    if (passed) return { response: passed, isPassedBack: true };
    host.relay.abandon();
    return own(response);
  } catch {
    host.relay.abandon();
    return own(problem(500, "internal", "something went wrong on our side: try again, and report it if it stays"));
  }
}

/** After the answer, where the runtime lets work go on; what is cut off is done by the next sweep. */
function later(work: Promise<unknown>, context: EdgeContext | undefined): void {
  const done = work.catch(() => {});
  try {
    context?.waitUntil?.(done);
  } catch {
    // A request that is over already takes no more work.
  }
}

/** Where the service was not reached or did not answer. */
function problem(status: number, code: string, detail: string): Response {
  const title = code.replace("_", " ");
  return new Response(JSON.stringify({ type: `urn:zendesk-auth:error:${code}`, title, status, code, detail }), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    },
  });
}

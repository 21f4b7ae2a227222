import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";

/**
 * Which answers a fault is for: the token endpoint, `users/me`, `oauth/tokens/current`, the rest of `/api/v2`,
 * or the authorization pages.
 *
 * @typedef {"token" | "me" | "current" | "api" | "authorize"} FaultTarget
 *
 * A fault stands until cleared, or for `times` requests. With `method` it waits for that method.
 * Before anything has happened: `status` (unless `afterwards`: then as of a gateway that lost the answer), `html`, `redirect`, `huge`, `hang`, and `drop` (the connection breaks).
 * After the request took effect: `truncated`, `slow`, `late` (the answer waits), `lost` (the connection breaks and the
 * answer never arrives).
 * On the token itself: `omit` leaves fields out of the answer, `scope` grants less than was asked for, `jwt` changes its shape.
 *
 * @typedef {{ times?: number, method?: string } & (
 *   | { kind: "status", status: number, retryAfter?: number | string, contentType?: string, body?: string, headers?: Record<string, string>, afterwards?: boolean }
 *   | { kind: "html", status?: number }
 *   | { kind: "redirect", location: string, status?: 301 | 302 | 303 | 307 | 308 }
 *   | { kind: "huge", bytes: number }
 *   | { kind: "hang" }
 *   | { kind: "drop" }
 *   | { kind: "truncated" }
 *   | { kind: "slow", bytesPerStep?: number, stepMilliseconds?: number }
 *   | { kind: "late", milliseconds?: number, until?: Promise<unknown> }
 *   | { kind: "lost" }
 *   | { kind: "omit", fields: string[] }
 *   | { kind: "scope", scope: string }
 *   | { kind: "jwt" }
 * )} Fault
 */

export class Faults {
  /** @type {Map<FaultTarget, { fault: Fault, left: number }>} */
  #active = new Map();

  /**
   * @param {FaultTarget} target
   * @param {Fault} fault
   */
  set(target, fault) {
    this.#active.set(target, { fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  /** @param {FaultTarget} [target]  absent: all of them */
  clear(target) {
    if (target === undefined) this.#active.clear();
    else this.#active.delete(target);
  }

  /**
   * The fault for this request, if any; it counts as used.
   *
   * @param {FaultTarget} target
   * @param {string} method
   * @returns {Fault | undefined}
   */
  take(target, method) {
    const entry = this.#active.get(target);
    if (!entry || (entry.fault.method !== undefined && entry.fault.method !== method)) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#active.delete(target);
    return entry.fault;
  }
}

/**
 * @param {string} path
 * @returns {FaultTarget | undefined}
 */
export function targetOf(path) {
  if (path === "/oauth/tokens") return "token";
  if (path.startsWith("/oauth/authorizations")) return "authorize";
  if (path === "/api/v2/users/me") return "me";
  if (path === "/api/v2/oauth/tokens/current") return "current";
  return path.startsWith("/api/v2/") ? "api" : undefined;
}

/**
 * @param {Faults} faults
 * @returns {import("hono").MiddlewareHandler<import("./http.js").SandboxEnv>}
 */
export function applyFaults(faults) {
  return async (c, next) => {
    const target = targetOf(c.req.path);
    const fault = target && faults.take(target, c.req.method);
    if (!fault) return next();
    const early = await insteadOf(c, fault);
    if (early) return early;
    c.set("fault", fault);
    await next();
    const late = await afterwards(c, fault);
    if (late) {
      c.res = undefined;
      c.res = late;
    }
  };
}

/**
 * @param {import("./http.js").SandboxContext} c
 * @param {Fault} fault
 * @returns {Promise<Response | undefined>}
 */
async function insteadOf(c, fault) {
  switch (fault.kind) {
    case "status":
      return fault.afterwards ? undefined : statusAnswer(fault);
    case "html":
      return new Response("<!doctype html><title>Down for maintenance</title><h1>We will be back soon</h1>", {
        status: fault.status ?? 200,
        headers: { "content-type": "text/html; charset=utf-8" },
      });
    case "redirect":
      return new Response(null, { status: fault.status ?? 302, headers: { location: fault.location } });
    case "huge":
      return new Response(filler(fault.bytes), { headers: { "content-type": "application/json; charset=utf-8" } });
    case "hang":
      await new Promise((resolve) => c.env.outgoing.once("close", resolve));
      return RESPONSE_ALREADY_SENT;
    case "drop":
      return breakConnection(c);
    default:
      return undefined;
  }
}

/**
 * @param {import("./http.js").SandboxContext} c
 * @param {Fault} fault
 * @returns {Promise<Response | undefined>}
 */
async function afterwards(c, fault) {
  if (fault.kind === "lost") return breakConnection(c);
  if (fault.kind === "status") return statusAnswer(fault);
  if (fault.kind === "late") {
    await new Promise((resolve) => setTimeout(resolve, fault.milliseconds ?? 0));
    await fault.until;
    return undefined;
  }
  if (fault.kind !== "truncated" && fault.kind !== "slow") return undefined;
  const { status } = c.res;
  const headers = new Headers(c.res.headers);
  headers.delete("content-length");
  const body = new Uint8Array(await c.res.arrayBuffer());
  if (fault.kind === "truncated") return new Response(body.slice(0, Math.floor(body.length / 2)), { status, headers });
  const trickled = trickle(body, fault.bytesPerStep ?? 1, fault.stepMilliseconds ?? 50);
  return new Response(trickled, { status, headers });
}

/** @param {Extract<Fault, { kind: "status" }>} fault */
function statusAnswer(fault) {
  const headers = new Headers(fault.headers);
  if (fault.retryAfter !== undefined) headers.set("retry-after", String(fault.retryAfter));
  if (fault.status === 204) return new Response(null, { status: 204, headers });
  // A 429 can be plain text (facts 8).
  const limited = fault.status === 429;
  headers.set("content-type", fault.contentType ?? (limited ? "text/plain; charset=utf-8" : "application/json"));
  const body = limited
    ? "Number of allowed API requests per minute exceeded"
    : JSON.stringify({ error: { title: "Internal error", message: "Something went wrong on our side." } });
  return new Response(fault.body ?? body, { status: fault.status, headers });
}

/** @param {import("./http.js").SandboxContext} c */
function breakConnection(c) {
  c.env.outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}

/**
 * A JSON string that goes on for the given number of bytes.
 *
 * @param {number} bytes
 */
function filler(bytes) {
  const block = new Uint8Array(16_384).fill("a".charCodeAt(0));
  const opening = new TextEncoder().encode('{"access_token":"');
  const closing = new TextEncoder().encode('"}');
  let left = Math.max(0, bytes - opening.length - closing.length);
  return new ReadableStream({
    start: (controller) => controller.enqueue(opening),
    pull(controller) {
      if (left > 0) {
        const size = Math.min(left, block.length);
        left -= size;
        controller.enqueue(block.slice(0, size));
        return;
      }
      controller.enqueue(closing);
      controller.close();
    },
  });
}

/**
 * @param {Uint8Array} body
 * @param {number} bytesPerStep
 * @param {number} stepMilliseconds
 */
function trickle(body, bytesPerStep, stepMilliseconds) {
  let sent = 0;
  let cancelled = false;
  return new ReadableStream({
    async pull(controller) {
      if (sent > 0) await new Promise((resolve) => setTimeout(resolve, stepMilliseconds).unref());
      if (cancelled) return;
      controller.enqueue(body.slice(sent, sent + bytesPerStep));
      sent += bytesPerStep;
      if (sent >= body.length) controller.close();
    },
    cancel() {
      cancelled = true;
    },
  });
}

import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { Readable } from "node:stream";

/**
 * Node cannot resolve *.localhost, so this connects to loopback and names the host in the header. It follows no redirect.
 *
 * @param {string | URL | Request} input
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 */
export function loopbackFetch(input, init) {
  const url = new URL(String(input));
  assert.equal(init?.redirect, "manual");
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: "127.0.0.1",
        port: url.port,
        path: url.pathname + url.search,
        method: init?.method ?? "GET",
        headers: { ...Object.fromEntries(new Headers(init?.headers)), host: url.host },
        agent: false,
        signal: init?.signal ?? undefined,
      },
      (answer) => {
        const headers = /** @type {Record<string, string>} */ (answer.headers);
        // A Response with this status takes no body, not even an empty one.
        const body = answer.statusCode === 204 ? null : /** @type {any} */ (Readable.toWeb(answer));
        resolve(new Response(body, { status: answer.statusCode ?? 500, headers }));
      },
    );
    request.on("error", reject);
    request.end(init?.body);
  });
}

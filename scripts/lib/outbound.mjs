import { request as connect } from "node:http";
import { Readable } from "node:stream";
import { Response } from "miniflare";

/**
 * @typedef {object} OutboundRecord one request that the worker sent
 * @property {string} method
 * @property {string} url
 * @property {Record<string, string>} headers
 * @property {string} body
 * @property {number} status of the answer; 0 when there was none
 * @property {number} at milliseconds since the epoch
 */

const perConnection = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "host"]);

/** @param {string} hostname */
const isLoopback = (hostname) =>
  hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "127.0.0.1" || hostname === "[::1]";

/** @param {string} template @param {URL} url */
function isAccount(template, url) {
  const wanted = new URL(template.replace("{subdomain}", "subdomain"));
  return url.protocol === wanted.protocol && url.hostname.endsWith(wanted.hostname.slice("subdomain".length));
}

/**
 * What workerd's fetch goes through. workerd asks DNS for `*.localhost` and gets nothing, so those names are connected
 * to this machine here; of other hosts only accounts are reached, and no redirect is followed on the way.
 * @param {{ accountTemplate: string, onOutbound?: (record: OutboundRecord) => void }} options
 */
export function outbound({ accountTemplate, onOutbound }) {
  /** @param {import("miniflare").Request} request */
  return async (request) => {
    const url = new URL(request.url);
    const body = await request.text();
    const headers = Object.fromEntries(
      [...request.headers].filter(([name]) => !perConnection.has(name) && !name.startsWith("mf-")),
    );
    const record = { method: request.method, url: url.href, headers, body, status: 0, at: Date.now() };
    try {
      const response = isLoopback(url.hostname)
        ? await throughLoopback(url, record)
        : isAccount(accountTemplate, url)
          ? await throughNetwork(record)
          : new Response(`${url.hostname} is no account's host`, { status: 502 });
      record.status = response.status;
      return response;
    } catch (error) {
      // As a gateway would say it: an outbound service cannot break the connection itself.
      return new Response(`no answer: ${error instanceof Error ? error.message : error}`, { status: 502 });
    } finally {
      onOutbound?.(record);
    }
  };
}

/**
 * @param {URL} url
 * @param {OutboundRecord} record
 * @returns {Promise<Response>}
 */
function throughLoopback(url, { method, headers, body }) {
  return new Promise((resolve, reject) => {
    const host = url.hostname === "[::1]" ? "::1" : "127.0.0.1";
    const sent = connect(
      {
        host,
        port: url.port || 80,
        method,
        path: `${url.pathname}${url.search}`,
        headers: { ...headers, host: url.host, "content-length": Buffer.byteLength(body) },
        timeout: 60_000,
      },
      (answer) => {
        const status = answer.statusCode ?? 502;
        const kept = Object.entries(answer.headers).filter(([name]) => !perConnection.has(name));
        const pairs = kept.flatMap(([name, value]) =>
          [value ?? []].flat().map((each) => /** @type {[string, string]} */ ([name, each])),
        );
        const empty = [101, 204, 205, 304].includes(status) || method === "HEAD";
        if (empty) answer.resume();
        resolve(new Response(empty ? null : /** @type {any} */ (Readable.toWeb(answer)), { status, headers: pairs }));
      },
    );
    sent.on("timeout", () => sent.destroy(new Error(`${url.host} did not answer`)));
    sent.on("error", reject);
    sent.end(body);
  });
}

/** @param {OutboundRecord} record */
async function throughNetwork({ method, url, headers, body }) {
  const hasBody = method !== "GET" && method !== "HEAD";
  const answer = await fetch(url, { method, headers, redirect: "manual", ...(hasBody && { body }) });
  const kept = [...answer.headers].filter(([name]) => !perConnection.has(name) && name !== "content-encoding");
  return new Response(/** @type {any} */ (answer.body), { status: answer.status, headers: kept });
}

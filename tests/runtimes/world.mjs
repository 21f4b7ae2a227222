import { readdirSync, readFileSync } from "node:fs";
import { request as connect, createServer } from "node:http";
import { extname, join } from "node:path";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { API_TOKENS, SECRETS, SYSTEM_CLIENT, startSandbox } from "../../www/sandbox/index.js";
import { decide } from "../edge/support.mjs";

const types = /** @type {Record<string, string>} */ ({
  ".html": "text/html",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
});

/**
 * A stand-in for Zendesk, and what a runtime needs to get there: none but browsers resolve `*.localhost`, and those may
 * not call it from a page. So requests go through `/relay`, on an address of this machine; `/decide` is the person on
 * Zendesk's page; the rest is for pages.
 * @param {string} folder what is served besides
 */
export async function startWorld(folder) {
  const sandbox = await startSandbox();
  const description = JSON.stringify({
    accountTemplate: sandbox.accountTemplate,
    secrets: SECRETS,
    apiTokens: API_TOKENS,
    systemClient: SYSTEM_CLIENT,
    vectors: vectors(),
  });
  /** @type {Record<string, (json: any) => unknown>} */
  const calls = {
    "/decide": async ({ authorizationUrl, ...choices }) => ({
      location: (await decide(sandbox, authorizationUrl, choices)).href,
    }),
    "/fault": ({ target, fault }) => sandbox.faults.set(target, fault),
    "/clear": () => sandbox.faults.clear(),
    "/requests": () => sandbox.requests.map(({ method, host, url, status }) => ({ method, host, url, status })),
  };
  const server = createServer(async (request, response) => {
    const [path = "/"] = (request.url ?? "/").split("?");
    if (path === "/relay") return relay(sandbox.port, request, response);
    try {
      if (path === "/world") return end(response, 200, ".json", description);
      const call = calls[path];
      if (call) return end(response, 200, ".json", JSON.stringify((await call(await jsonOf(request))) ?? null));
      end(response, 200, extname(path), readFileSync(join(folder, path)));
    } catch (error) {
      end(response, 500, ".txt", String(error));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await sandbox.close();
    },
  };
}

function vectors() {
  const folder = inRoot("tests", "vectors");
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return Object.fromEntries(files.map((file) => [file, JSON.parse(readFileSync(join(folder, file), "utf8"))]));
}

/** @param {import("node:http").IncomingMessage} request */
async function jsonOf(request) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return JSON.parse(text || "{}");
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {string} extension
 * @param {string | Uint8Array} body
 */
function end(response, status, extension, body) {
  response.writeHead(status, { "content-type": types[extension] ?? "application/json", "cache-control": "no-store" });
  response.end(body);
}

/**
 * Status and headers travel beside the answer, for browsers show no redirect to scripts; a connection that breaks
 * there breaks here.
 * @param {number} port
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
function relay(port, request, response) {
  const { "x-relay-to": to, host: _, origin: __, connection: ___, ...headers } = request.headers;
  const url = new URL(String(to));
  const { method } = request;
  const path = url.pathname + url.search;
  const sent = connect({
    host: "127.0.0.1",
    port,
    method,
    path,
    headers: { ...headers, host: url.host },
    agent: false,
  });
  sent.on("error", () => response.destroy());
  sent.on("response", (answer) => {
    const { connection: _, "transfer-encoding": __, "content-length": ___, ...kept } = answer.headers;
    response.writeHead(200, { "x-relay-status": `${answer.statusCode}`, "x-relay-headers": JSON.stringify(kept) });
    answer.on("error", () => response.destroy());
    answer.pipe(response);
  });
  request.pipe(sent);
}

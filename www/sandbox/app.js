import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { apiRoutes } from "./api.js";
import { authorizationRoutes } from "./authorize.js";
import { applyFaults } from "./faults.js";
import { MalformedParameters } from "./http.js";
import { noHelpDeskPage, notFoundPage } from "./pages/error.js";
import { homePage } from "./pages/home.js";
import { pageHeaders } from "./pages/layout.js";
import { sessionRoutes, signedIn } from "./session.js";
import { tokenRoutes } from "./token.js";

const BODY_LIMIT = 65_536;
const REQUESTS_KEPT = 20_000;
const ACCOUNT_HOST = /^([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\.localhost(?::\d+)?$/i;

/**
 * A request as it came, for tests to look at: secrets and all.
 *
 * @typedef {object} RequestRecord
 * @property {string} method
 * @property {string} host
 * @property {string} url
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {string} body
 * @property {number} at  milliseconds since the epoch
 * @property {number | null} status  null before it was answered
 * @property {number | null} sent  bytes of the answer that were handed to the network, its head among them; null before its end
 */

/**
 * @param {object} parts
 * @param {Map<string, import("./account.js").Account>} parts.accounts
 * @param {import("./faults.js").Faults} parts.faults
 * @param {RequestRecord[]} parts.requests
 * @param {import("./http.js").Settings} parts.settings
 * @param {(line: string) => void} [parts.log]
 */
export function createApp({ accounts, faults, requests, settings, log }) {
  // Zendesk answers the same with and without `.json`.
  const app = /** @type {import("./http.js").SandboxApp} */ (
    new Hono({ getPath: (request) => new URL(request.url).pathname.replace(/\.json$/, "") })
  );
  app.use(bodyLimit({ maxSize: BODY_LIMIT, onError: (c) => c.json({ error: "Payload Too Large" }, 413) }));
  app.use(record(requests, settings, log));
  app.use(async (c, next) => {
    const host = c.req.header("host") ?? "";
    const account = accounts.get(ACCOUNT_HOST.exec(host)?.[1]?.toLowerCase() ?? "");
    if (!account) return c.html(noHelpDeskPage({ host }), 404, pageHeaders("unsafe-none"));
    c.set("account", account);
    return next();
  });
  app.use(pages(settings));
  app.use(applyFaults(faults));
  apiRoutes(app, settings);
  tokenRoutes(app, settings);
  sessionRoutes(app);
  authorizationRoutes(app, settings);
  app.get("/", (c) => c.html(homePage({ account: c.get("account"), user: signedIn(c)?.user })));
  app.notFound((c) => c.html(notFoundPage({ account: c.get("account") }), 404));
  app.onError((error, c) => {
    if (error instanceof MalformedParameters) return c.json({ error: "BadRequest", description: error.message }, 400);
    log?.(`failed: ${error.stack}`);
    return c.json({ error: { title: "Internal error", message: "The stand-in itself failed." } }, 500);
  });
  return app;
}

/**
 * @param {RequestRecord[]} requests
 * @param {import("./http.js").Settings} settings
 * @param {((line: string) => void) | undefined} log
 * @returns {import("hono").MiddlewareHandler<import("./http.js").SandboxEnv>}
 */
function record(requests, settings, log) {
  return async (c, next) => {
    const { method = "", url = "", headers } = c.env.incoming;
    const entry = { method, url, host: headers.host ?? "", headers: { ...headers }, at: settings.now() };
    const { socket } = c.env.incoming;
    const before = socket.bytesWritten;
    /** @type {RequestRecord} */
    const kept = { ...entry, status: null, sent: null, body: await c.req.text() };
    c.env.outgoing.once("close", () => {
      kept.sent = socket.bytesWritten - before;
    });
    requests.push(kept);
    if (requests.length > REQUESTS_KEPT) requests.shift();
    await next();
    kept.status = c.res.status;
    // Without the query: it may hold a code or a state.
    log?.(`${method} ${kept.host}${url.split("?")[0]} ${kept.status}`);
  };
}

/**
 * @param {import("./http.js").Settings} settings
 * @returns {import("hono").MiddlewareHandler<import("./http.js").SandboxEnv>}
 */
function pages(settings) {
  return async (c, next) => {
    await next();
    if (!c.res.headers.get("content-type")?.startsWith("text/html")) return;
    for (const [name, value] of Object.entries(pageHeaders(settings.openerPolicy))) c.res.headers.set(name, value);
  };
}

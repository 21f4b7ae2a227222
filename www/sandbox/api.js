import { authenticate, missingScope, noAccess, notFound, requires, signedInUser } from "./api-auth.js";
import { oauthTokenRoutes } from "./api-oauth-tokens.js";
import { MalformedParameters } from "./http.js";

// Names the user by a null id and still answers 200 (facts 7).
const ANONYMOUS = {
  id: null,
  url: null,
  name: "Anonymous user",
  email: "invalid@example.com",
  role: "end-user",
  verified: false,
  suspended: false,
  active: false,
};

const LOCALES = [
  { id: 1, locale: "en-US", name: "English", native_name: "English", presentation_name: "English - English" },
  { id: 8, locale: "de", name: "Deutsch", native_name: "Deutsch", presentation_name: "German - Deutsch" },
];

/**
 * The part of `/api/v2` that connecting an account needs. Paths are without their `.json`.
 *
 * @param {import("./http.js").SandboxApp} app
 * @param {import("./http.js").Settings} settings
 */
export function apiRoutes(app, settings) {
  app.use("/api/v2/*", authenticate(settings.now));
  app.get("/api/v2/locales/public", (c) => c.json({ locales: LOCALES, count: LOCALES.length }));
  app.get("/api/v2/users/me", (c) => {
    const caller = c.get("caller");
    if (caller.kind === "anonymous") return c.json({ user: ANONYMOUS });
    return missingScope(c, "read", "users") ?? c.json({ user: userJson(c, caller.user) });
  });
  app.get("/api/v2/tickets", requires("read", "tickets"), (c) => {
    if (signedInUser(c).role === "end-user") return noAccess(c);
    const tickets = c.get("account").tickets.map((ticket) => ticketJson(c, ticket));
    return c.json({ tickets, next_page: null, previous_page: null, count: tickets.length });
  });
  app.get("/api/v2/tickets/:id{[0-9]+}", requires("read", "tickets"), (c) => {
    if (signedInUser(c).role === "end-user") return noAccess(c);
    const ticket = c.get("account").tickets.find(({ id }) => id === Number(c.req.param("id")));
    return ticket ? c.json({ ticket: ticketJson(c, ticket) }) : notFound(c);
  });
  app.post("/api/v2/tickets", requires("write", "tickets"), createTicket);
  oauthTokenRoutes(app);
  app.all("/api/v2/*", (c) => c.json({ error: "InvalidEndpoint", description: "Not found" }, 404));
}

/** @param {import("./http.js").SandboxContext} c */
async function createTicket(c) {
  const body = await c.req.json().catch(() => {
    throw new MalformedParameters("The body is not JSON.");
  });
  const comment = body?.ticket?.comment?.body;
  if (typeof comment !== "string" || comment === "") {
    const details = { base: [{ description: "Description: cannot be blank", error: "BlankValue" }] };
    return c.json({ error: "RecordInvalid", description: "Record validation errors", details }, 422);
  }
  const { tickets } = c.get("account");
  const ticket = {
    id: Math.max(...tickets.map(({ id }) => id)) + 1,
    subject: String(body.ticket.subject ?? comment),
    description: comment,
    status: "new",
    priority: "normal",
    requesterId: signedInUser(c).id,
  };
  tickets.push(ticket);
  return c.json({ ticket: ticketJson(c, ticket) }, 201);
}

/**
 * @param {import("./http.js").SandboxContext} c
 * @param {import("./seed.js").User} user
 */
function userJson(c, user) {
  const { id, name, email, role, verified, suspended } = user;
  return { id, url: apiUrl(c, `users/${id}.json`), name, email, role, verified, suspended, active: true };
}

/**
 * @param {import("./http.js").SandboxContext} c
 * @param {import("./seed.js").Ticket} ticket
 */
function ticketJson(c, { requesterId, ...ticket }) {
  return { ...ticket, url: apiUrl(c, `tickets/${ticket.id}.json`), requester_id: requesterId };
}

/**
 * @param {import("./http.js").SandboxContext} c
 * @param {string} path
 */
export function apiUrl(c, path) {
  return `${new URL(c.req.url).origin}/api/v2/${path}`;
}

import { html } from "hono/html";
import { page } from "./layout.js";

/**
 * Where the application cannot be trusted with an answer, the way ends here (facts 3).
 *
 * @param {{ account: import("../account.js").Account, reason: string }} view
 */
export function invalidRequestPage({ account, reason }) {
  return page({
    title: "Invalid Authorization Request",
    account,
    content: html`<h1>Invalid Authorization Request</h1>
<p class="alert">${reason}</p>
<p class="muted">Close this window and go back to the application that sent you here.</p>`,
  });
}

/**
 * What a host says that no account has claimed (facts 1).
 *
 * @param {{ host: string }} view
 */
export function noHelpDeskPage({ host }) {
  return page({
    title: "No help desk here",
    content: html`<h1>No help desk at ${host}</h1>
<p>There is no help desk configured at this address. Check the subdomain for a spelling mistake.</p>`,
  });
}

/** @param {{ account: import("../account.js").Account }} view */
export function notFoundPage({ account }) {
  return page({
    title: "Page not found",
    account,
    content: html`<h1>The page you were looking for doesn't exist</h1>
<p class="muted">You may have mistyped the address. <a href="/">What is on this account</a></p>`,
  });
}

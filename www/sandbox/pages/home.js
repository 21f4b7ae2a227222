import { html } from "hono/html";
import { PASSWORD } from "../seed.js";
import { page } from "./layout.js";

/**
 * What Admin Center would show: everything that a person needs to try the connection.
 *
 * @param {{ account: import("../account.js").Account, user: import("../seed.js").User | undefined }} view
 */
export function homePage({ account, user }) {
  return page({
    title: account.name,
    account,
    wide: true,
    content: html`<h1>What is on this account</h1>
<p class="muted">Its subdomain is <strong>${account.subdomain}</strong>. ${
      user
        ? html`You are signed in as ${user.email}.`
        : html`You are not signed in: <a href="/access/login">sign in</a>.`
    }</p>
<h2>OAuth clients</h2>
${account.clients.map(clientEntry)}
<h2>API tokens</h2>
<div class="entry">${account.apiTokens.map(
      ({ value, active }) => html`<p><code>${value}</code>${active ? "" : " (deactivated)"}</p>`,
    )}</div>
<h2>Users</h2>
<p class="muted">Everyone's password is <code>${PASSWORD}</code>.</p>
${account.users.map(
  (person) => html`<div class="entry"><h3>${person.name}</h3><dl>
<dt>Email</dt><dd>${person.email}</dd>
<dt>Role</dt><dd>${person.role}${person.suspended ? ", suspended" : ""}${person.verified ? "" : ", not verified"}</dd>
</dl></div>`,
)}`,
  });
}

/** @param {import("../seed.js").Client} client */
function clientEntry(client) {
  return html`<div class="entry"><h3>${client.name}</h3><dl>
<dt>Identifier</dt><dd><code>${client.identifier}</code></dd>
<dt>Secret</dt><dd><code>${client.secret}</code></dd>
<dt>Kind</dt><dd>${client.kind}${client.global ? ", global" : ""}</dd>
<dt>Allowed scopes</dt><dd>${client.allowedScopes?.join(" ") ?? "all"}</dd>
<dt>Redirect URLs</dt><dd>${client.redirectUris.map((uri) => html`<div><code>${uri}</code></div>`)}</dd>
</dl></div>`;
}

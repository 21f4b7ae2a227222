import { html } from "hono/html";
import { describeScope } from "../scopes.js";
import { page } from "./layout.js";

/**
 * @param {object} view
 * @param {import("../account.js").Account} view.account
 * @param {import("../seed.js").User} view.user
 * @param {import("../authorize.js").AuthorizationRequest} view.request
 * @param {string} view.csrfToken
 * @param {string} view.here  this page's own address, to come back to after switching users
 */
export function consentPage({ account, user, request, csrfToken, here }) {
  const { client } = request;
  return page({
    title: `${client.name} wants to use your account`,
    account,
    content: html`<div class="client">
<div class="logo" aria-hidden="true">${initials(client.name)}</div>
<div><p><strong>${client.name}</strong></p><p class="muted">by ${client.company}</p></div>
</div>
<h1>Allow ${client.name} to use ${account.name}?</h1>
<p class="muted">${client.description}</p>
<h2>It asks to</h2>
<ul class="scopes">${request.scopes.map(scopeRow)}</ul>
<form method="post" action="/oauth/authorizations">
<input type="hidden" name="csrf_token" value="${csrfToken}">
${Object.entries(request.parameters).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<div class="choices">
<button class="secondary" type="submit" name="decision" value="deny">Deny</button>
<button class="primary" type="submit" name="decision" value="allow">Allow</button>
</div>
</form>
<div class="aside muted">
<p>Either way you go back to <strong>${new URL(request.redirectUri).host}</strong>. It never gets more than you may do yourself.</p>
<form method="post" action="/access/logout"><input type="hidden" name="return_to" value="${here}">Signed in as ${user.email}. <button class="link" type="submit">Use another user</button></form>
</div>`,
  });
}

/** @param {string} scope */
function scopeRow(scope) {
  return html`<li><span>${describeScope(scope) ?? "Nothing: Zendesk does not know this scope"}</span><code>${scope}</code></li>`;
}

/** @param {string} name */
function initials(name) {
  return name
    .split(" ")
    .slice(0, 2)
    .map((word) => word[0])
    .join("")
    .toUpperCase();
}

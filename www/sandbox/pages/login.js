import { html } from "hono/html";
import { mayAct } from "../account.js";
import { page } from "./layout.js";

const ROLE_NAMES = { admin: "Administrator", agent: "Agent", "end-user": "End user" };

/**
 * @param {object} view
 * @param {import("../account.js").Account} view.account
 * @param {string} view.returnTo
 * @param {string} [view.email]
 * @param {string} [view.problem]
 */
export function loginPage({ account, returnTo, email, problem }) {
  const [first] = account.users;
  return page({
    title: `Sign in to ${account.name}`,
    account,
    content: html`<h1>Sign in to ${account.name}</h1>
<p class="muted">The first administrator is filled in. Sign in, or choose someone else below.</p>
${problem ? html`<p class="alert" role="alert">${problem}</p>` : ""}
<form method="post" action="/access/login">
<input type="hidden" name="return_to" value="${returnTo}">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="off" required value="${email ?? first?.email}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="off" required value="${problem ? "" : first?.password}">
<button class="primary block" type="submit">Sign in</button>
</form>
<div class="aside">
<h2>Sign in as someone else</h2>
<ul class="people">${account.users.slice(1).map((user) => person(user, returnTo))}</ul>
</div>`,
  });
}

/**
 * @param {import("../seed.js").User} user
 * @param {string} returnTo
 */
function person(user, returnTo) {
  const standing = mayAct(user) ? ROLE_NAMES[user.role] : user.suspended ? "Suspended" : "Not verified";
  return html`<li><form method="post" action="/access/login">
<input type="hidden" name="return_to" value="${returnTo}">
<input type="hidden" name="email" value="${user.email}">
<input type="hidden" name="password" value="${user.password}">
<button class="secondary" type="submit"><span>${user.email}</span> <span class="muted">${standing}</span></button>
</form></li>`;
}

import { html, type TemplateResult } from "lit";

/** Where in Zendesk each value of the form comes from. */
export function guide(open: boolean): TemplateResult {
  return html`<aside class="guide" aria-labelledby="guide-title">
    <details ?open=${open}>
      <summary><h2 id="guide-title">Where to find these in Zendesk</h2></summary>
      <ol>
        <li>
          Sign in to Zendesk as an admin and open <b>Admin Center</b>, at the end of the product list
          (<code>/admin</code> in the address).
        </li>
        <li>
          Choose <b>Apps and integrations</b> &gt; <b>APIs</b> &gt; <b>OAuth clients</b>, then
          <b>Add OAuth client</b>.
        </li>
        <li>Give it a name. People see it on the page where they allow access.</li>
        <li>
          Choose <b>Client kind</b>: <b>Confidential</b>, since the worker can keep a secret. For a public client there
          is nothing to keep.
        </li>
        <li>Paste the callback URL of this page into <b>Redirect URLs</b>, one per line.</li>
        <li>Under <b>Allowed scopes</b>, allow at least the scopes that you choose here.</li>
        <li>Save. Only now does Zendesk show the <b>Secret</b>, and only this once: copy it at once.</li>
      </ol>
      <dl>
        <div>
          <dt>Subdomain</dt>
          <dd>the first part of the address, before <code>.zendesk.com</code>; not your help center's own domain</dd>
        </div>
        <div>
          <dt>Client ID</dt>
          <dd><b>Unique identifier</b>, not the number in the address</dd>
        </div>
        <div>
          <dt>Client secret</dt>
          <dd><b>Secret</b>; if it is lost, choose <b>Regenerate</b></dd>
        </div>
      </dl>
    </details>
  </aside>`;
}

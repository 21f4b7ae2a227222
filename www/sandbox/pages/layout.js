import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import { STYLE } from "./style.js";

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/**
 * @param {"unsafe-none" | "same-origin"} openerPolicy
 * @returns {Record<string, string>}
 */
export function pageHeaders(openerPolicy) {
  return {
    // Without form-action: browsers apply it to the redirect that ends a consent, which leaves this host.
    "content-security-policy": `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; img-src data:; base-uri 'none'; frame-ancestors 'none'`,
    "cross-origin-opener-policy": openerPolicy,
    // Not no-referrer: with it browsers send `Origin: null` with our own forms, which are then refused.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  };
}

/**
 * @typedef {ReturnType<typeof html>} Markup
 *
 * @param {object} parts
 * @param {string} parts.title
 * @param {import("../account.js").Account} [parts.account]
 * @param {boolean} [parts.wide]
 * @param {Markup} parts.content
 */
export function page({ title, account, wide, content }) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${raw(STYLE)}</style>
</head>
<body>
<header class="ribbon">A local stand-in for Zendesk. Nothing here is real.</header>
<main class="${wide ? "wide" : ""}">
${account ? html`<p class="account"><span class="dot"></span><span><strong>${account.name}</strong> · ${account.subdomain}</span></p>` : ""}
<div class="card">${content}</div>
</main>
</body>
</html>`;
}

// A product's page with the component. Its address says whose it is (`?role=user&subject=jane`) and, as JSON, the
// element's attributes; it keeps what happens for the test to read.
import "/pkg/connect.js";

const query = new URL(location.href).searchParams;
const events = [];
const violations = [];
Object.assign(globalThis, { events, violations });

document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) => {
  violations.push(`${effectiveDirective} ${blockedURI} ${sample}`);
});
for (const type of ["zendesk-connected", "zendesk-disconnected", "zendesk-failed", "zendesk-integration"]) {
  document.addEventListener(type, ({ detail, target }) => {
    events.push({ type, detail, from: target.localName });
  });
}

const who = new URLSearchParams(
  [...query].filter(([name]) => ["role", "subject", "tenant", "expiresIn"].includes(name)),
);
const element = document.createElement("zendesk-connect");
for (const [name, value] of Object.entries(JSON.parse(query.get("attributes") ?? "{}")))
  element.setAttribute(name, value);
if (query.has("lang")) document.documentElement.lang = query.get("lang") ?? "";
let asked = 0;
// With the role `none` the product's own cookie says who is there.
if (who.get("role") !== "none") {
  element.session = async () => {
    asked += 1;
    element.dataset.asked = String(asked);
    return (await fetch(`/test/session?${who}`)).text();
  };
}
document.querySelector("main")?.append(element);

const BROAD = new Map([
  ["read", "Read everything you can see"],
  ["write", "Create, change and delete everything you can"],
  ["impersonate", "Act for end users of this account"],
]);

/** Resource scopes and the actions each knows (facts 5). */
const RESOURCES = new Map(
  Object.entries({
    tickets: "tickets",
    users: "users",
    organizations: "organizations",
    hc: "Help Center articles",
    apps: "apps",
    automations: "automations",
    targets: "targets",
    triggers: "triggers",
    macros: "macros",
    requests: "requests",
    satisfaction_ratings: "satisfaction ratings",
    dynamic_content: "dynamic content",
    themes: "themes",
    zis: "integration services",
    webhooks: "webhooks",
    account_settings: "account settings",
    brands: "brands",
    custom_objects: "custom objects",
    deletion_schedules: "deletion schedules",
    groups: "groups",
    sla_policies: "SLA policies",
    ticket_attachments: "ticket attachments",
    ticket_views: "ticket views",
    auditlogs: "audit logs",
    security: "security settings",
    any_channel: "channel integrations",
    web_widget: "the web widget",
  }),
);
const READ_ONLY = new Set(["auditlogs", "security"]);
const WRITE_ONLY = new Set(["any_channel", "web_widget"]);

/**
 * What a scope lets a client do, in words; undefined for one that Zendesk does not know.
 *
 * @param {string} scope
 * @returns {string | undefined}
 */
export function describeScope(scope) {
  const broad = BROAD.get(scope);
  if (broad) return broad;
  const [resource = "", action, ...rest] = scope.split(":");
  const noun = RESOURCES.get(resource);
  if (!noun || rest.length > 0) return undefined;
  if (action === "read" && !WRITE_ONLY.has(resource)) return `Read ${noun}`;
  if (action === "write" && !READ_ONLY.has(resource)) return `Create, change and delete ${noun}`;
  return undefined;
}

/** @param {string | undefined} scope */
export function splitScope(scope) {
  return [...new Set((scope ?? "").split(" ").filter(Boolean))];
}

/**
 * @param {string[]} granted
 * @param {"read" | "write"} action
 * @param {string} [resource]  absent: only the broad scope will do
 */
export function allows(granted, action, resource) {
  return granted.includes(action) || (resource !== undefined && granted.includes(`${resource}:${action}`));
}

/**
 * Whether a client with these allowed scopes may ask for a scope: a broad one covers its narrower members.
 *
 * @param {string[] | null} allowed
 * @param {string} scope
 */
export function withinAllowed(allowed, scope) {
  if (allowed === null || allowed.includes(scope)) return true;
  const action = scope.split(":")[1];
  return action !== undefined && allowed.includes(action);
}

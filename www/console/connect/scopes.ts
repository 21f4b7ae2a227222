/** The scopes Zendesk documents, as choices: zendesk's names, and what each allows in words. */

export interface BroadScope {
  scope: "read" | "write" | "impersonate";
  label: string;
  allows: string;
}

export interface Resource {
  name: string;
  label: string;
  allows: string;
  access: ("read" | "write")[];
}

export const BROAD: BroadScope[] = [
  {
    scope: "read",
    label: "Read everything",
    allows: "See all that the authorizing user can see: tickets, users, settings. Search needs it.",
  },
  {
    scope: "write",
    label: "Change everything",
    allows: "Create, change and delete all that the authorizing user can.",
  },
  {
    scope: "impersonate",
    label: "Act for end users",
    allows: "An admin's connection may make requests in the name of an end user.",
  },
];

const BOTH: Resource["access"] = ["read", "write"];

export const RESOURCES: Resource[] = [
  { name: "tickets", label: "Tickets", allows: "Tickets, comments and audits; write includes delete", access: BOTH },
  { name: "users", label: "Users", allows: "Agents and end users", access: BOTH },
  { name: "organizations", label: "Organizations", allows: "Customers' organizations", access: BOTH },
  { name: "groups", label: "Groups", allows: "Groups of agents", access: BOTH },
  { name: "requests", label: "Requests", allows: "Tickets from the end user's side", access: BOTH },
  { name: "ticket_attachments", label: "Ticket attachments", allows: "Files in tickets", access: BOTH },
  { name: "ticket_views", label: "Ticket views", allows: "Agents' lists of tickets", access: BOTH },
  { name: "hc", label: "Help center", allows: "Articles, sections, community posts", access: BOTH },
  { name: "macros", label: "Macros", allows: "Prepared replies and actions", access: BOTH },
  { name: "triggers", label: "Triggers", allows: "Rules that run on ticket events", access: BOTH },
  { name: "automations", label: "Automations", allows: "Rules that run on time", access: BOTH },
  { name: "sla_policies", label: "SLA policies", allows: "Targets for reply times", access: BOTH },
  { name: "satisfaction_ratings", label: "Satisfaction ratings", allows: "Customers' ratings", access: BOTH },
  { name: "dynamic_content", label: "Dynamic content", allows: "Texts in several languages", access: BOTH },
  { name: "custom_objects", label: "Custom objects", allows: "The account's own records", access: BOTH },
  { name: "brands", label: "Brands", allows: "Brands of the account", access: BOTH },
  { name: "themes", label: "Themes", allows: "Help center themes", access: BOTH },
  { name: "apps", label: "Apps", allows: "Installed apps", access: BOTH },
  { name: "webhooks", label: "Webhooks", allows: "Calls to other systems", access: BOTH },
  { name: "targets", label: "Targets", allows: "Older notifications to other systems", access: BOTH },
  { name: "zis", label: "Integration services", allows: "Zendesk Integration Services", access: BOTH },
  { name: "account_settings", label: "Account settings", allows: "Settings of the account", access: BOTH },
  { name: "deletion_schedules", label: "Deletion schedules", allows: "When data is deleted", access: BOTH },
  { name: "auditlogs", label: "Audit logs", allows: "Who changed what", access: ["read"] },
  { name: "security", label: "Security", allows: "Security settings", access: ["read"] },
  { name: "any_channel", label: "Channel framework", allows: "Push messages from other channels", access: ["write"] },
  { name: "web_widget", label: "Web Widget", allows: "Settings of the widget", access: ["write"] },
];

export function scopesOf(scope: string): string[] {
  return scope.split(/\s+/).filter((name) => name !== "");
}

export type Choice = "off" | "on" | "covered";

/** `covered`: a broader scope in the list allows it already. */
export function choiceOf(scope: string, name: string): Choice {
  const chosen = scopesOf(scope);
  const broad = name.split(":")[1];
  if (broad !== undefined && chosen.includes(broad)) return "covered";
  return chosen.includes(name) ? "on" : "off";
}

/** A broad scope takes the place of its narrower ones: Zendesk refuses to save both as allowed scopes. */
export function toggle(scope: string, name: string, on: boolean): string {
  const others = scopesOf(scope).filter((chosen) => chosen !== name);
  if (!on) return others.join(" ");
  const kept = others.filter((chosen) => chosen.split(":")[1] !== name);
  const broad = BROAD.map((choice) => choice.scope as string);
  const all = [...kept, name];
  return [...all.filter((chosen) => broad.includes(chosen)), ...all.filter((chosen) => !broad.includes(chosen))].join(
    " ",
  );
}

/** After consent the worker asks Zendesk who it was, which needs one of these. */
export function canNameUser(scope: string): boolean {
  return scopesOf(scope).some((chosen) => chosen === "read" || chosen === "users:read");
}

export function describeScope(name: string): string {
  const broad = BROAD.find((choice) => choice.scope === name);
  if (broad !== undefined) return broad.label;
  const [resource, access] = name.split(":");
  const known = RESOURCES.find((choice) => choice.name === resource);
  if (known === undefined || access === undefined) return name;
  return `${access === "read" ? "See" : "Change"} ${known.label.toLowerCase()}`;
}

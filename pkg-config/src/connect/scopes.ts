/** The scopes that Zendesk documents, as choices. What they allow is in the catalogues: `ui.scope.<name>`. */

export const BROAD: readonly string[] = ["read", "write", "impersonate"];

export interface Resource {
  name: string;
  access: ("read" | "write")[];
}

const both = [
  "tickets",
  "users",
  "organizations",
  "groups",
  "requests",
  "ticket_attachments",
  "ticket_views",
  "hc",
  "macros",
  "triggers",
  "automations",
  "sla_policies",
  "satisfaction_ratings",
  "dynamic_content",
  "custom_objects",
  "brands",
  "themes",
  "apps",
  "webhooks",
  "targets",
  "zis",
  "account_settings",
  "deletion_schedules",
];

export const RESOURCES: Resource[] = [
  ...both.map((name): Resource => ({ name, access: ["read", "write"] })),
  { name: "auditlogs", access: ["read"] },
  { name: "security", access: ["read"] },
  { name: "any_channel", access: ["write"] },
  { name: "web_widget", access: ["write"] },
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
  const all = [...others.filter((chosen) => chosen.split(":")[1] !== name), name];
  const isBroad = (chosen: string): boolean => BROAD.includes(chosen);
  return [...all.filter(isBroad), ...all.filter((chosen) => !isBroad(chosen))].join(" ");
}

/** After consent the worker asks Zendesk who it was, which needs one of these. */
export function canNameUser(scope: string): boolean {
  return scopesOf(scope).some((chosen) => chosen === "read" || chosen === "users:read");
}

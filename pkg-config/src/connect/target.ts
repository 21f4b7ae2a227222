import { parseSubdomain } from "zendesk-auth";
import { trouble } from "./trouble.js";
import type { Integration, Profile, Target } from "./types.js";

/** What the integration's way authorizes. */
export function targetOf(integration: Integration, profiles: Profile[], subdomain: string): Target {
  const target = targetFor(integration, profiles, subdomain);
  if (target === undefined) throw trouble("integration_not_chosen");
  return target;
}

/** `undefined` where the integration is not for OAuth, or its client is not known. */
export function targetFor(integration: Integration, profiles: Profile[], subdomain: string): Target | undefined {
  const { authorization, systemClient } = integration;
  if (authorization === "oauth-system" && systemClient !== null) {
    return { authorization, subdomain, client: { clientId: systemClient.clientId, scope: systemClient.scope } };
  }
  const profile = profiles.find(({ id }) => id === integration.profile);
  return authorization === "oauth-custom" && profile !== undefined ? { authorization, profile } : undefined;
}

export function subdomainIn(typed: string): string | undefined {
  try {
    return parseSubdomain(typed);
  } catch {
    return undefined;
  }
}

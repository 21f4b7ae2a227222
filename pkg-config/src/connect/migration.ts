import { isOpenToUsers, type State } from "./state.js";
import { subdomainIn, targetFor } from "./target.js";
import type { AuthorizationKind, Connection, Target } from "./types.js";

/**
 * From an API token to OAuth, under the same id: what there is stays as it is, in use, until Zendesk has confirmed the new
 * access. Only for the same account; another one is another connection.
 */

/** The connection with an API token that the integration rests on, where the page would take its place by OAuth. */
export function migratedBySetup({ integration, connections, authorization, access }: State): Connection | undefined {
  const isMove = integration?.authorization === "basic" && authorization !== undefined && authorization !== "basic";
  if (!isMove || integration.access !== "pre-authorize" || access !== "pre-authorize") return undefined;
  return connections.find(({ id, authorization }) => id === integration.connection && authorization === "basic");
}

/** The account that the page is about to authorize. */
export function accountOfSetup({ authorization, form, profiles, selected }: State): string | undefined {
  if (form !== undefined) return subdomainIn(form.values.subdomain ?? "");
  return authorization === "oauth-custom" ? profiles.find(({ id }) => id === selected)?.subdomain : undefined;
}

/** What a move in the setup authorizes, once its profile is saved; `undefined` where it is for another account. */
export function setupTarget(
  state: State,
  { id, subdomain }: Connection,
  authorization: AuthorizationKind,
  profile: string | undefined,
): Target | undefined {
  const { integration, profiles } = state;
  if (integration === undefined || accountOfSetup(state) !== subdomain) return undefined;
  const target = targetFor({ ...integration, authorization, profile: profile ?? null }, profiles, subdomain);
  return target && { ...target, migrates: id };
}

/** What a user's move authorizes: the way that the integration is open in now, where it leads to the same account. */
export function userTarget({ integration, profiles }: State, connection: Connection): Target | undefined {
  if (connection.authorization !== "basic" || integration === undefined || !isOpenToUsers(integration))
    return undefined;
  const target = targetFor(integration, profiles, connection.subdomain);
  const isSameAccount = target?.authorization === "oauth-system" || target?.profile.subdomain === connection.subdomain;
  return target !== undefined && isSameAccount ? { ...target, migrates: connection.id } : undefined;
}

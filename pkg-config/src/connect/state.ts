import { type Authorization, IDLE } from "./authorization.js";
import type { FormState } from "./form.js";
import type { Trouble } from "./trouble.js";
import type { Access, AuthorizationKind, Connection, Integration, Profile, Revoked, Whose } from "./types.js";

/** What is being done to a saved profile besides editing it. */
export interface ProfileDialog {
  action: "rename" | "duplicate" | "remove";
  id: string;
  name: string;
  busy: boolean;
  trouble?: Trouble;
}

/** A connection that somebody wants to part with. */
export interface Parting {
  id: string;
  busy: boolean;
}

/** What is left to say of a connection that is gone. */
export interface Farewell {
  connection: Connection;
  revoked: Revoked;
}

/** All that the element shows. */
export interface State {
  phase: "loading" | "failed" | "ready";
  loadTrouble: Trouble | undefined;
  whose: Whose | undefined;
  integration: Integration | undefined;
  /** An admin: the tenant's. A user: the one they authorize with. */
  profiles: Profile[];
  /** An admin: the integration's own. A user: their own. */
  connections: Connection[];
  /** An admin sees how it stands, or changes it. */
  view: "overview" | "setup";
  /** What is chosen in the setup, saved or not. */
  authorization: AuthorizationKind | undefined;
  access: Access | undefined;
  /** A profile's id; empty: a new one. */
  selected: string;
  form: FormState | undefined;
  dialog: ProfileDialog | undefined;
  running: Authorization;
  parting: Parting | undefined;
  farewell: Farewell | undefined;
  /** What did not work, besides an authorization. */
  trouble: Trouble | undefined;
  /** Something is being saved. */
  busy: boolean;
  secretShown: ReadonlySet<string>;
  advancedOpen: boolean;
  copied: boolean;
  /** What is said to those who do not see the page. */
  announcement: string;
}

export function initialState(): State {
  return {
    phase: "loading",
    loadTrouble: undefined,
    whose: undefined,
    integration: undefined,
    profiles: [],
    connections: [],
    view: "overview",
    authorization: undefined,
    access: undefined,
    selected: "",
    form: undefined,
    dialog: undefined,
    running: IDLE,
    parting: undefined,
    farewell: undefined,
    trouble: undefined,
    busy: false,
    secretShown: new Set(),
    advancedOpen: false,
    copied: false,
    announcement: "",
  };
}

export function newestFirst<T extends { updatedAt: string }>(all: T[]): T[] {
  return [...all].sort((one, other) => Date.parse(other.updatedAt) - Date.parse(one.updatedAt));
}

/** Puts `item` in the place of what has its id, or in front. */
export function upsert<T extends { id: string }>(all: T[], item: T): T[] {
  return all.some((each) => each.id === item.id)
    ? all.map((each) => (each.id === item.id ? item : each))
    : [item, ...all];
}

/** Whether a way of authorizing goes by an authorization profile, and of which mechanism. */
export function mechanismFor(
  authorization: AuthorizationKind | undefined,
  access: Access | undefined,
): Profile["mechanism"] | undefined {
  if (authorization === "oauth-custom") return "oauth2";
  return authorization === "basic" && access === "allow-users" ? "basic" : undefined;
}

/** The profiles that fit the way chosen in the setup. */
export function fittingProfiles({ profiles, authorization, access }: State): Profile[] {
  const mechanism = mechanismFor(authorization, access);
  return profiles.filter((profile) => profile.mechanism === mechanism);
}

/** Whether users may authorize just now. */
export function isOpenToUsers(integration: Integration): boolean {
  return integration.enabled && integration.access === "allow-users";
}

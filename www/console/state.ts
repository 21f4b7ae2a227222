import { type Authorization, IDLE } from "./connect/authorization.js";
import { blankForm, type ProfileForm } from "./connect/form.js";
import type { Trouble } from "./connect/trouble.js";
import type { Connection, Flow, Mode, Profile } from "./connect/types.js";

export const ZENDESK = "https://{subdomain}.zendesk.com";

/** All that the page shows. */
export interface State {
  loading: boolean;
  loadTrouble: Trouble | undefined;
  accountTemplate: string;
  profiles: Profile[];
  connections: Connection[];
  /** The connection on top: the one that was made last, or just now. */
  fresh: Connection | undefined;
  showsConnections: boolean;
  form: ProfileForm;
  flow: Flow;
  mode: Mode;
  secretShown: boolean;
  advancedOpen: boolean;
  copied: boolean;
  authorization: Authorization;
}

export function initialState(): State {
  return {
    loading: true,
    loadTrouble: undefined,
    accountTemplate: ZENDESK,
    profiles: [],
    connections: [],
    fresh: undefined,
    showsConnections: false,
    form: blankForm(ZENDESK),
    flow: "hand-off",
    mode: "popup",
    secretShown: false,
    advancedOpen: false,
    copied: false,
    authorization: IDLE,
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

import type { FieldProblem } from "./problem.js";
import type { Settings } from "./settings.js";
import type { Connection, Integration, Link, SessionInfo } from "./types.js";

export const VIEWS = { integration: "Integration", users: "Users", links: "Links" } as const;

export type View = keyof typeof VIEWS;

export type LinkField = "subject" | "name" | "email" | "language" | "expiresIn";

export interface LinkForm {
  values: Record<LinkField, string>;
  /** What the worker found wrong; gone as soon as the field changes. */
  problems: FieldProblem[];
  /** Why there is no link, where that is not about one field. */
  trouble: string | undefined;
  busy: boolean;
}

/** A link with what only the answer to its creation says. */
export interface MadeLink {
  link: Link;
  url: string;
  trouble: string | undefined;
}

/** All that the page shows around the component. */
export interface State {
  view: View;
  settings: Settings;
  session: SessionInfo | undefined;
  /** Why the worker did not say who this is. */
  trouble: string | undefined;
  integration: Integration | undefined;
  /** Of users; undefined until the worker has told them. */
  connections: Connection[] | undefined;
  /** Those that Zendesk ends by itself, the integration's own too. */
  stopping: Connection[] | undefined;
  usersTrouble: string | undefined;
  /** The connection whose end waits for a yes. */
  ending: Connection | undefined;
  /** How the last disconnecting went. */
  ended: string | undefined;
  /** Whom to try the end user's page as. */
  actAs: string;
  form: LinkForm;
  /** Those made on this page, newest first. */
  links: MadeLink[];
  copied: string | undefined;
  /** For screen readers. */
  said: string;
}

export const BLANK: LinkForm["values"] = { subject: "", name: "", email: "", language: "", expiresIn: "900" };

export function initialState(settings: Settings): State {
  return {
    view: "integration",
    settings,
    session: undefined,
    trouble: undefined,
    integration: undefined,
    connections: undefined,
    stopping: undefined,
    usersTrouble: undefined,
    ending: undefined,
    ended: undefined,
    actAs: "jane",
    form: { values: { ...BLANK }, problems: [], trouble: undefined, busy: false },
    links: [],
    copied: undefined,
    said: "",
  };
}

/** Users authorize on their own, and may do so now. */
export function isOpenToUsers(integration: Integration | undefined): boolean {
  return integration?.access === "allow-users" && integration.enabled;
}

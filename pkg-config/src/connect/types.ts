import type { Connection } from "../types.js";
import type { Integration, Revoked } from "./public.js";

/** What the worker's HTTP surface speaks, as far as the component needs it. */

export type { FieldProblem } from "../error.js";
export type { Access, AuthorizationKind } from "./public.js";
export type { Connection, Integration, Revoked };

export type Flow = "hand-off" | "worker-held";
export type Mode = "popup" | "redirect";

/** Whom a session is for: the answer of `GET /session`. */
export interface Whose {
  tenant: string;
  subject: string | null;
  role: "admin" | "user";
  /** The product's name. */
  product: string;
  /** `https://{subdomain}.zendesk.com` */
  accountTemplate: string;
  /** The worker's own callback, to be registered with the OAuth client for the worker-held flow. */
  callbackUrl: string;
}

export interface Profile {
  id: string;
  mechanism: "basic" | "oauth2";
  name: string;
  /** Empty in a Basic profile whose users name their own. */
  subdomain: string;
  updatedAt: string;
  version: number;
  /** These are of OAuth profiles only. */
  clientId?: string;
  clientKind?: "confidential" | "public";
  clientSecretSet?: boolean;
  authorizationUrl?: string;
  tokenUrl?: string;
  scope?: string;
}

export interface BegunTransaction {
  transaction: string;
  authorizationUrl: string;
  expiresAt: string;
}

export interface TransactionStatus {
  id: string;
  status: "pending" | "connected" | "failed";
  connection?: string;
  code?: string;
  detail?: string;
  expiresAt: string;
}

/** What an authorization is begun with. */
export type Target = (
  | { authorization: "oauth-system"; subdomain: string; client: { clientId: string; scope: string } }
  | { authorization: "oauth-custom"; profile: Profile }
) & {
  /** The connection with an API token whose place it takes. */
  migrates?: string;
};

export function accountOf(target: Target): string {
  return target.authorization === "oauth-system" ? target.subdomain : target.profile.subdomain;
}

/** What the worker's HTTP surface speaks, as far as a page that connects an account needs it. */

export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}

export type Flow = "hand-off" | "worker-held";
export type Mode = "popup" | "redirect";

export interface Session {
  session: string;
  expiresAt: string;
  /** Where accounts live, `https://{subdomain}.zendesk.com` when left out. */
  accountTemplate?: string | null;
  tenant?: string;
  role?: "admin" | "user";
  /** The end user; a note of who it is where the role is `admin`. */
  subject?: string;
}

export interface Profile {
  id: string;
  name: string;
  subdomain: string;
  clientId: string;
  clientKind: "confidential" | "public";
  clientSecretSet: boolean;
  authorizationUrl: string;
  tokenUrl: string;
  scope: string;
  updatedAt: string;
}

export interface Connection {
  id: string;
  subject: string;
  subdomain: string;
  profile: string;
  status: string;
  user: { id: number | string; name: string; email?: string | null; role?: string | null };
  scopes: { requested: string[]; granted: string[]; missing: string[] };
  expiresAt: string | null;
  refreshTokenExpiresAt: string | null;
  createdAt: string;
  updatedAt: string;
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

/** What the worker's HTTP surface answers, besides what the package has types for. */

export type { Connection, Integration, Revoked } from "zendesk-auth/connect";

export interface SessionInfo {
  tenant: string;
  subject: string | null;
  role: "admin" | "user";
  product: string;
  accountTemplate: string;
  callbackUrl: string;
}

export interface LinkRequest {
  subject: string;
  name?: string;
  email?: string;
  language?: string;
  expiresIn?: number;
}

export interface Link {
  id: string;
  tenant: string;
  subject: string;
  name: string;
  email: string | null;
  language: string | null;
  status: "open" | "opened" | "used" | "revoked" | "expired";
  connection: string | null;
  createdAt: string;
  expiresAt: string;
}

import type { EdgeConfig } from "zendesk-auth/edge";
import type { DurableObjectNamespace } from "zendesk-auth/stores/durable-object";

/** What the worker is given by its host: `wrangler secret put`, or scripts/start.mjs in local development. */
export interface Env {
  PUBLIC_URL: string;
  ADMIN_KEY: string;
  /** JSON: `[{ "kid": "…", "key": "…" }]`, the first seals. */
  SEALING_KEYS: string;
  /** Where the accounts are; Zendesk unless told. */
  ACCOUNT_TEMPLATE?: string;
  /** JSON: `{ "clientId": "zdg-…", "clientSecret": "…", "scope": "…" }`; without it, OAuth - System is not offered. */
  SYSTEM_CLIENT?: string;
  /** Where connections are kept: the binding of the class `StoreObject`. */
  STORE: DurableObjectNamespace;
  ASSETS: { fetch(request: Request): Promise<Response> };
}

/** Everything of the worker's configuration but the store. */
export function configuration(env: Env): Omit<EdgeConfig, "store"> {
  const publicUrl = env.PUBLIC_URL.replace(/\/$/, "");
  return {
    publicUrl,
    adminKey: env.ADMIN_KEY,
    sealingKeys: JSON.parse(env.SEALING_KEYS),
    ...(env.ACCOUNT_TEMPLATE && { accountTemplate: env.ACCOUNT_TEMPLATE }),
    ...(env.SYSTEM_CLIENT && { systemClient: JSON.parse(env.SYSTEM_CLIENT) }),
    redirectUris: [`${publicUrl}/console/callback`],
    returnTo: [`${publicUrl}/`],
    product: "Example Product",
    onEvent: (event) => console.log(JSON.stringify(event)),
  };
}

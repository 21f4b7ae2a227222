import { API_TOKENS, PASSWORD, SECRETS } from "../../www/sandbox/index.js";

/**
 * The values of the stand-in for each of the six ways, as `npm start` prints them.
 *
 * @param {import("../../www/sandbox/index.js").Sandbox} sandbox
 */
export function whatToType(sandbox) {
  const admin = sandbox.account("acme").users[0];
  const endUser = sandbox.account("acme").users[2];
  const other = sandbox.account("globex").users[0];
  return `and take any of the six ways. All accounts, people and secrets are invented: ${sandbox.origin("acme")}
and ${sandbox.origin("globex")} stand in for Zendesk, and list their own.

  Pre-authorize the integration: you connect once, for all users
    Basic           subdomain acme   e-mail ${admin?.email}   API token ${API_TOKENS.acme}
    OAuth - System  subdomain acme (or globex)
    OAuth - Custom  new profile:  subdomain acme   client ID acme_custom
                                  client secret ${SECRETS.acme_custom}

  Allow users to authorize: you enable it, then users connect (the console's Users page lets you be jane or joe)
    Basic           new profile without subdomain;  jane: acme, ${endUser?.email}, ${API_TOKENS.acme}
                                                    joe: globex, ${other?.email}, ${API_TOKENS.globex}
    OAuth - System  jane: subdomain acme;  joe: subdomain globex
    OAuth - Custom  the profile from above;  jane and joe: nothing to type

On Zendesk's page the first administrator is filled in; everybody's password is ${PASSWORD}. Sign in and click Allow.`;
}

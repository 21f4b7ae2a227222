/** What is asked for, by each. */
export const options = {
  subdomain: "acme",
  clientId: "acme_custom",
  redirectUri: "https://app.example/oauth/callback",
  scope: "tickets:read users:read",
};

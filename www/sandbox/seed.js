// What every new stand-in starts with. All values are invented, and say so.

/**
 * @typedef {"admin" | "agent" | "end-user"} Role
 * @typedef {{ id: number, name: string, email: string, password: string, role: Role, verified: boolean, suspended: boolean }} User
 * @typedef {{ value: string, active: boolean }} ApiToken
 * @typedef {{ id: number, subject: string, description: string, status: string, priority: string, requesterId: number }} Ticket
 * @typedef {object} Client
 * @property {number} id  the numeric id; requests name the identifier
 * @property {string} identifier
 * @property {string} name
 * @property {"public" | "confidential"} kind
 * @property {string} secret  every client has one, public ones too (facts 4)
 * @property {string} company
 * @property {string} description
 * @property {string[]} redirectUris
 * @property {string[] | null} allowedScopes  null: no ceiling
 * @property {boolean} global
 * @property {number | null} creatorId  whom client credentials act as; null for a client made on another account
 * @typedef {{ subdomain: string, name: string, users: User[], apiTokens: ApiToken[], clients: Client[], tickets: Ticket[] }} AccountSeed
 */

export const PASSWORD = "sandbox-password";

export const DEFAULT_REDIRECT_URIS = Object.freeze([
  "http://localhost:8787/oauth/callback",
  "http://localhost:8787/console/callback",
]);

export const SECRETS = Object.freeze({
  acme_custom: "sandbox-secret-acme-custom-not-real",
  acme_public: "sandbox-secret-acme-public-not-real",
  acme_narrow: "sandbox-secret-acme-narrow-not-real",
  globex_custom: "sandbox-secret-globex-custom-not-real",
  globex_public: "sandbox-secret-globex-public-not-real",
  globex_narrow: "sandbox-secret-globex-narrow-not-real",
  "zdg-product": "sandbox-secret-zdg-product-not-real",
  "zdg-unapproved": "sandbox-secret-zdg-unapproved-not-real",
});

/** What an operator's worker is given for OAuth - System: the client that every account here knows. */
export const SYSTEM_CLIENT = Object.freeze({
  clientId: "zdg-product",
  clientSecret: SECRETS["zdg-product"],
  scope: "read write",
});

export const API_TOKENS = Object.freeze({
  acme: "sandbox-api-token-acme-not-real",
  acmeDeactivated: "sandbox-api-token-acme-deactivated-not-real",
  globex: "sandbox-api-token-globex-not-real",
});

/**
 * @param {string[]} redirectUris
 * @returns {AccountSeed[]}
 */
export function seedAccounts(redirectUris) {
  const acme = {
    subdomain: "acme",
    name: "Acme Support",
    users: people(1000, "acme.example", "Ada Byron", "Grace Moss", "Edsger Vries", "Sid Barred", "Una Proven"),
    clients: [
      ...localClients("acme", 10, 1001, redirectUris),
      globalClient(redirectUris),
      unapprovedClient(1001, redirectUris),
    ],
    apiTokens: [
      { value: API_TOKENS.acme, active: true },
      { value: API_TOKENS.acmeDeactivated, active: false },
    ],
    tickets: tickets(1, 1003, ["The roadrunner got away again", "Anvil arrived without a warranty card"]),
  };
  const globex = {
    subdomain: "globex",
    name: "Globex Help Desk",
    users: people(2000, "globex.example", "Hedy Lamm", "Alan Reed", "Mary Keller", "Rex Locked", "Val Pending"),
    clients: [...localClients("globex", 20, 2001, redirectUris), globalClient(redirectUris)],
    apiTokens: [{ value: API_TOKENS.globex, active: true }],
    tickets: tickets(501, 2003, ["Hammock order is late", "Invoice names the wrong department"]),
  };
  return [acme, globex];
}

/**
 * @param {number} base
 * @param {string} domain
 * @param {string} admin
 * @param {string} agent
 * @param {string} endUser
 * @param {string} suspended
 * @param {string} unverified
 * @returns {User[]}
 */
function people(base, domain, admin, agent, endUser, suspended, unverified) {
  const usual = { password: PASSWORD, verified: true, suspended: false };
  const address = (/** @type {string} */ name) => `${name.toLowerCase().replace(/ .*/, "")}@${domain}`;
  return [
    { ...usual, id: base + 1, name: admin, email: address(admin), role: "admin" },
    { ...usual, id: base + 2, name: agent, email: address(agent), role: "agent" },
    { ...usual, id: base + 3, name: endUser, email: address(endUser), role: "end-user" },
    { ...usual, id: base + 4, name: suspended, email: address(suspended), role: "agent", suspended: true },
    { ...usual, id: base + 5, name: unverified, email: address(unverified), role: "agent", verified: false },
  ];
}

/**
 * @param {number} firstId
 * @param {number} requesterId
 * @param {string[]} subjects
 * @returns {Ticket[]}
 */
function tickets(firstId, requesterId, subjects) {
  return subjects.map((subject, index) => ({
    id: firstId + index,
    subject,
    description: `${subject}. Please help.`,
    status: "open",
    priority: "normal",
    requesterId,
  }));
}

/**
 * A local client works on the one account it was made on (facts 6), so the names carry the account's.
 *
 * @param {string} subdomain
 * @param {number} firstId
 * @param {number} creatorId
 * @param {string[]} redirectUris
 * @returns {Client[]}
 */
function localClients(subdomain, firstId, creatorId, redirectUris) {
  const title = subdomain.charAt(0).toUpperCase() + subdomain.slice(1);
  const common = { company: `${title} Ltd.`, redirectUris, global: false, creatorId };
  /** @param {"custom" | "public" | "narrow"} suffix */
  const secret = (suffix) => SECRETS[/** @type {keyof typeof SECRETS} */ (`${subdomain}_${suffix}`)];
  return [
    {
      ...common,
      id: firstId + 1,
      identifier: `${subdomain}_custom`,
      name: `${title} Assistant`,
      kind: "confidential",
      secret: secret("custom"),
      description: "Answers customers in chat and files a ticket where a person has to look.",
      allowedScopes: null,
    },
    {
      ...common,
      id: firstId + 2,
      identifier: `${subdomain}_public`,
      name: `${title} Browser Tool`,
      kind: "public",
      secret: secret("public"),
      description: "Shows open tickets inside the browser; it cannot keep a secret.",
      allowedScopes: null,
    },
    {
      ...common,
      id: firstId + 3,
      identifier: `${subdomain}_narrow`,
      name: `${title} Ticket Reader`,
      kind: "confidential",
      secret: secret("narrow"),
      description: "Reads tickets and nothing else: its allowed scopes say so.",
      allowedScopes: ["tickets:read", "users:read"],
    },
  ];
}

/**
 * Approved by Zendesk, so every account knows it (facts 6).
 *
 * @param {string[]} redirectUris
 * @returns {Client}
 */
function globalClient(redirectUris) {
  return {
    id: 901,
    identifier: "zdg-product",
    name: "Example Product",
    kind: "confidential",
    secret: SECRETS["zdg-product"],
    company: "Example Product Inc.",
    description: "Connects your help desk to Example Product.",
    redirectUris,
    allowedScopes: null,
    global: true,
    creatorId: null,
  };
}

/**
 * Named like a global client but not approved: known at home only, "No such client" elsewhere (facts 6).
 *
 * @param {number} creatorId
 * @param {string[]} redirectUris
 * @returns {Client}
 */
function unapprovedClient(creatorId, redirectUris) {
  return {
    ...globalClient(redirectUris),
    id: 902,
    identifier: "zdg-unapproved",
    name: "Example Product (in review)",
    secret: SECRETS["zdg-unapproved"],
    global: false,
    creatorId,
  };
}

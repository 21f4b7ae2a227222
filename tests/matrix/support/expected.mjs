import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inRoot } from "../../../scripts/lib/paths.mjs";

/** What every app must be answered by `zendesk-auth`: RFC 7636 appendix B, and its octets as state and verifier. */
const core = {
  pkce: {
    codeVerifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    codeChallenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    codeChallengeMethod: "S256",
  },
  authorizationUrl:
    "https://acme.zendesk.com/oauth/authorizations/new?response_type=code&code_challenge_method=S256&client_id=my_app" +
    "&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&scope=read%20write" +
    "&state=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  refusal: "subdomain_custom_domain",
};

/** And what servers are by `zendesk-auth/edge`. */
const edge = {
  health: [200, "ok"],
  session: [201, 200, "user", "jane"],
  stranger: [401, "session_invalid"],
};

const german = JSON.parse(readFileSync(inRoot("messages", "de.json"), "utf8"));

/** What the element says in German where its worker does not answer: a text of a file that is loaded when needed. */
export const unreachable = /** @type {string} */ (german["ui.advice.network.title"]);

/** @param {unknown} answers */
export const judgeBrowser = (answers) => assert.deepEqual(answers, core);

/** @param {unknown} answers */
export const judgeServer = (answers) => assert.deepEqual(answers, { ...core, ...edge });

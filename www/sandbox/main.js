import { parseArgs } from "node:util";
import { API_TOKENS, PASSWORD, startSandbox } from "./index.js";

const USAGE = `node www/sandbox/main.js [--port 8788] [--redirect-uri URI]... [--quiet]

Runs a stand-in for Zendesk on this machine's loopback address.`;

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8788" },
    "redirect-uri": { type: "string", multiple: true, default: [] },
    quiet: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(USAGE);
} else {
  await run(values.port, values["redirect-uri"], values.quiet);
}

/**
 * @param {string} port
 * @param {string[]} redirectUris
 * @param {boolean} quiet
 */
async function run(port, redirectUris, quiet) {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new Error("--port must be a number from 0 to 65535");
  const log = quiet ? undefined : (/** @type {string} */ line) => console.log(line);
  const sandbox = await startSandbox({ port: Number(port), redirectUris, log });
  console.log(`A stand-in for Zendesk, with invented people and secrets: ${sandbox.accountTemplate}\n`);
  for (const subdomain of ["acme", "globex"]) describe(sandbox, subdomain);
  console.log(`Every user's password: ${PASSWORD}`);
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    process.once(signal, () => sandbox.close().then(() => process.exit(0)));
  }
}

/**
 * @param {import("./index.js").Sandbox} sandbox
 * @param {string} subdomain
 */
function describe(sandbox, subdomain) {
  const { clients, users } = sandbox.account(subdomain);
  console.log(`${sandbox.origin(subdomain)}/`);
  for (const { identifier, kind, secret } of clients) {
    console.log(`  client  ${identifier.padEnd(16)} ${kind === "public" ? "public, PKCE" : `secret ${secret}`}`);
  }
  for (const { email, role, suspended, verified } of users) {
    console.log(
      `  user    ${email.padEnd(24)} ${role}${suspended ? ", suspended" : ""}${verified ? "" : ", unverified"}`,
    );
  }
  console.log(`  API token ${API_TOKENS[/** @type {"acme" | "globex"} */ (subdomain)]}\n`);
}

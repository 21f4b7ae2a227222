import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { SignJWT } from "jose";
import { createEdge } from "zendesk-auth/edge";
import { memoryStore } from "zendesk-auth/stores/memory";
import { inRoot } from "../lib/paths.mjs";

/** @typedef {{ name: string, entryPoint: string, alias: Record<string, string>, authorization: string, body: string }} Handler */

const folder = inRoot("target", "bench", "fixture");
const handlerFile = (/** @type {string} */ name) => inRoot("scripts", "bench", "handlers", `${name}.mjs`);

/**
 * A stand-in for Zendesk, and handlers of the hand-off before it, each with a store that has a profile in it and a session
 * that is good for all requests.
 */
export async function prepare() {
  mkdirSync(folder, { recursive: true });
  const standIn = spawn(process.execPath, [inRoot("scripts", "bench", "servers", "stand-in.mjs")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const kill = () => void standIn.kill("SIGKILL");
  process.once("exit", kill);
  const [text] = await once(standIn.stdout, "data");
  const port = Number(text);
  const [ours, peers] = [join(folder, "ours.json"), join(folder, "peers.json")];
  writeFileSync(peers, JSON.stringify({ port, records: {} }));
  // The handlers' own modules seal what they will open, so they are loaded once here.
  const shared = await load("shared", peers);
  const written = await load("hand-off", peers);
  const own = await ofEdge(shared);
  writeFileSync(ours, JSON.stringify({ port, records: own.records }));
  const sealed = await written.seal("profiles/default/p1", shared.profile);
  writeFileSync(peers, JSON.stringify({ port, records: { "profiles/default/p1": sealed } }));
  const session = await new SignJWT({})
    .setProtectedHeader({ alg: "HS256" })
    .setSubject("user:u1")
    .setAudience("session")
    .setExpirationTime("12h")
    .sign(shared.sealingKey);
  const asked = (/** @type {string} */ profile) =>
    JSON.stringify({
      profile,
      code: "0123456789abcdef0123456789abcdef",
      codeVerifier: "v".repeat(43),
      subdomain: "acme",
      redirectUri: shared.redirectUri,
    });
  /** @type {(name: string, file: string, token: string, profile: string) => Handler} */
  const handler = (name, file, token, profile) => ({
    name: name.replace("-", "_"),
    entryPoint: handlerFile(name),
    alias: { "#fixture": file },
    authorization: `Bearer ${token}`,
    body: asked(profile),
  });
  return {
    ours: handler("ours", ours, own.session, own.profile),
    openid_client: handler("openid-client", peers, session, "p1"),
    oauth4webapi: handler("oauth4webapi", peers, session, "p1"),
    floor: handler("floor", peers, session, "p1"),
    empty: handler("empty", peers, session, "p1"),
    close() {
      process.off("exit", kill);
      kill();
    },
  };
}

/** @param {string} name @param {string} fixture @returns {Promise<any>} */
async function load(name, fixture) {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [handlerFile(name)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    alias: { "#fixture": fixture },
  });
  return import(outfile);
}

/**
 * A tenant whose users may connect, as its backend and its admin set it up.
 * @param {any} shared
 */
async function ofEdge({ publicUrl, adminKey, base64urlKey, redirectUri, profile: form, send }) {
  const store = memoryStore();
  const edge = createEdge({
    publicUrl,
    adminKey,
    sealingKeys: [{ kid: "k1", key: base64urlKey }],
    redirectUris: [redirectUri],
    store,
    fetch: send,
  });
  const ask = async (
    /** @type {string} */ method,
    /** @type {string} */ path,
    /** @type {string} */ bearer,
    /** @type {unknown} */ json,
  ) => {
    const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
    const answer = await edge.fetch(
      new Request(`${publicUrl}${path}`, { method, headers, body: JSON.stringify(json) }),
    );
    const body = /** @type {any} */ (await answer.json());
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(body)}`);
    return body;
  };
  const admin = (await ask("POST", "/sessions", adminKey, { role: "admin" })).session;
  const profile = (await ask("POST", "/profiles", admin, form)).id;
  await ask("PUT", "/integration", admin, { authorization: "oauth-custom", access: "allow-users", profile });
  await ask("POST", "/integration/enable", admin, {});
  const lifetime = { role: "user", subject: "u1", expiresIn: 43_200 };
  const { session } = await ask("POST", "/sessions", adminKey, lifetime);
  const { entries } = await store.list("", { limit: 1000 });
  return { session, profile, records: Object.fromEntries(entries.map(({ key, value }) => [key, value])) };
}

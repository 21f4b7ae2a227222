import assert from "node:assert/strict";
import { SECRETS } from "../../../www/sandbox/index.js";
import { FLOWS } from "../support/console-page.mjs";

/** Attempts to have a secret sent elsewhere. Whether any succeeded is judged at the end, over all runs. @type {import("../support/scenario.mjs").Scenarios} */
export const hosts = {};

for (const flow of FLOWS) {
  for (const status of /** @type {const} */ ([302, 307])) {
    hosts[`${flow}: the token endpoint answers with a ${status} to another host`] = async ({ open, world }) => {
      const console = await open();
      await console.fill();
      await console.choose({ flow });
      world.sandbox.faults.set("token", { kind: "redirect", status, location: `${world.foreign.origin}/oauth/tokens` });
      await (await console.authorizeIn()).allow();
      await console.seeNotice("Zendesk's answer makes no sense");
    };
  }
}

for (const target of /** @type {const} */ (["me", "current"])) {
  hosts[`${target} answers with a 307 to another host`] = async ({ open, world }) => {
    const console = await open();
    await console.fill();
    world.sandbox.faults.set(target, { kind: "redirect", status: 307, location: `${world.foreign.origin}/${target}` });
    await (await console.authorizeIn()).allow();
    await console.page.locator(".notice.bad, article.connection").first().waitFor();
  };
}

hosts["profiles with URLs on another host"] = async ({ world }) => {
  const session = await adminSession(world);
  const { origin, port } = world.foreign;
  const account = world.sandbox.origin("acme");
  const urls = [
    `${origin}/oauth/tokens`,
    `http://{subdomain}.evil.localhost:${port}/oauth/tokens`,
    `http://{subdomain}.localhost:${port}/oauth/tokens`,
    `http://{subdomain}@evil.localhost:${port}/oauth/tokens`,
    `${account}@evil.localhost:${port}/oauth/tokens`,
    `http://localhost:${port}/{subdomain}`,
    `http://127.0.0.1:${port}/oauth/tokens`,
    `${account.replace("acme", "globex")}/oauth/tokens`,
    `//evil.localhost:${port}/oauth/tokens`,
    `${account.replace("http:", "https:")}\\@evil.localhost:${port}/oauth/tokens`,
  ];
  for (const url of urls) {
    for (const field of ["tokenUrl", "authorizationUrl"]) {
      const answer = await ask(world, session, "/profiles", { ...PROFILE, [field]: url });
      assert.equal(answer.status, 422, `${field} ${url}`);
      assert.deepEqual(
        answer.body.problems.map((/** @type {{ field: string }} */ problem) => problem.field),
        [field],
        url,
      );
    }
  }
};

hosts["subdomains that would lead elsewhere"] = async ({ world }) => {
  const session = await adminSession(world);
  const profile = await ask(world, session, "/profiles", PROFILE);
  assert.equal(profile.status, 201);
  const { port } = world.foreign;
  const tricks = [
    `evil.localhost:${port}/`,
    `evil.localhost:${port}#`,
    `evil.localhost:${port}?`,
    `acme@evil.localhost:${port}/`,
    `acme:password@evil.localhost:${port}/`,
    `acme.localhost:${port}/`,
    `http://evil.localhost:${port}/`,
    `acme.zendesk.com.evil.localhost:${port}`,
    `acme%2Fevil.localhost`,
    `acme\\evil`,
    "acme\r\nhost: evil.localhost",
    "acme\0",
    "аcme",
    "..",
    "localhost",
    "127.0.0.1",
    "globex",
  ];
  for (const subdomain of tricks) {
    const made = await ask(world, session, "/profiles", { ...PROFILE, subdomain });
    // A plain name is an account of its own; everything else is refused.
    const isPlainName = /^[a-z]+$/.test(subdomain);
    assert.equal(made.status, isPlainName ? 201 : 422, `profile for ${JSON.stringify(subdomain)}`);

    const exchanged = await ask(world, session, "/oauth/exchange", {
      profile: profile.body.id,
      code: "a-code-that-was-made-up",
      codeVerifier: "v".repeat(43),
      subdomain,
      redirectUri: `${world.worker.url}/console/callback`,
    });
    assert.ok(
      [400, 403, 409, 422].includes(exchanged.status),
      `exchange for ${JSON.stringify(subdomain)}: ${exchanged.status}`,
    );

    const begun = await ask(world, session, "/connections", { profile: profile.body.id, subdomain });
    assert.ok(begun.status >= 400 && begun.status < 500, `begin for ${JSON.stringify(subdomain)}: ${begun.status}`);
  }
};

hosts["callbacks and returns that would lead elsewhere"] = async ({ world }) => {
  const session = await adminSession(world);
  const { body: profile } = await ask(world, session, "/profiles", PROFILE);
  const { origin } = world.foreign;
  const own = world.worker.url;
  for (const redirectUri of [
    `${origin}/console/callback`,
    `${own}/console/callback/`,
    `${own}@evil.localhost/console/callback`,
  ]) {
    const answer = await ask(world, session, "/oauth/exchange", {
      profile: profile.id,
      code: "a-code-that-was-made-up",
      codeVerifier: "v".repeat(43),
      subdomain: "acme",
      redirectUri,
    });
    assert.ok(answer.status >= 400 && answer.status < 500, redirectUri);
  }
  for (const returnTo of [
    origin,
    `${own}.evil.localhost/`,
    `${own}@evil.localhost/`,
    "//evil.localhost/",
    "javascript:alert(1)",
  ]) {
    const answer = await ask(world, session, "/connections", { profile: profile.id, mode: "redirect", returnTo });
    assert.ok(answer.status >= 400 && answer.status < 500, returnTo);
  }
};

const PROFILE = {
  name: "Somebody's attempt",
  subdomain: "acme",
  clientId: "acme_custom",
  clientKind: "confidential",
  clientSecret: SECRETS.acme_custom,
  scope: "read",
};

/** @param {import("../support/world.mjs").World} world */
async function adminSession({ worker }) {
  const answer = await fetch(`${worker.url}/sessions`, {
    method: "POST",
    headers: { authorization: `Bearer ${worker.adminKey}`, "content-type": "application/json" },
    body: JSON.stringify({ tenant: "attempts", role: "admin" }),
  });
  return (await answer.json()).session;
}

/**
 * @param {import("../support/world.mjs").World} world
 * @param {string} session
 * @param {string} path
 * @param {object} body
 * @returns {Promise<{ status: number, body: any }>}
 */
async function ask({ worker }, session, path, body) {
  const answer = await fetch(worker.url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${session}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { denoPath } from "../../scripts/lib/runtimes.mjs";
import { execIn, installed } from "../package/pack.mjs";

// The stores ask less of a runtime and of a client than these declare, and only their own declarations can tell whether
// that fits; so the snippets of docs/stores.md are compiled against them.

/** @type {Awaited<ReturnType<typeof installed>>} */
let pack;
before(async () => {
  pack = await installed();
  for (const name of ["@cloudflare/workers-types", "bun-types", "@types/node", "redis", "ioredis", "@libsql/client"]) {
    const link = join(pack.folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(inRoot("node_modules", name), link, "junction");
  }
});
after(() => pack?.remove());

const also = {
  cloudflare: `
    import { durableObjectStore } from "zendesk-auth/stores/durable-object";
    import { sqlStore } from "zendesk-auth/stores/sql";
    export const stores = (env: { DB: D1Database; STORE: DurableObjectNamespace }) =>
      [sqlStore(env.DB), sqlStore(env.DB.withSession("first-primary")), durableObjectStore(env.STORE.jurisdiction("eu"))];`,
  bun: `
    import { RedisClient } from "bun";
    import { redisStore } from "zendesk-auth/stores/redis";
    export const store = redisStore(new RedisClient("redis://localhost"));`,
  node: `
    import { Cluster, Redis } from "ioredis";
    import { redisStore } from "zendesk-auth/stores/redis";
    export const stores = [redisStore(new Redis("redis://localhost")), redisStore(new Cluster([]))];`,
};

const types = { cloudflare: "@cloudflare/workers-types", bun: "bun-types", node: "node" };

/** @param {string} runtime the snippets of the document that are for it */
function snippets(runtime) {
  const text = readFileSync(inRoot("docs", "stores.md"), "utf8");
  const found = text.split(`<!-- compile: ${runtime} -->\n\`\`\`ts\n`).slice(1);
  assert.ok(found.length > 0, `docs/stores.md has no snippet for ${runtime}`);
  return found.map((rest) => rest.slice(0, rest.indexOf("\n```")));
}

for (const runtime of /** @type {const} */ (["cloudflare", "bun", "node"])) {
  test(`what the stores ask for is what there is: ${runtime}`, async () => {
    const files = [...snippets(runtime), also[runtime]].map((source, index) => {
      writeFileSync(join(pack.folder, `${runtime}-${index}.ts`), source);
      return `${runtime}-${index}.ts`;
    });
    const flags =
      "--noEmit --strict --skipLibCheck --target es2022 --lib es2022 --module esnext --moduleResolution bundler";
    const tsc = inRoot("node_modules", "typescript", "bin", "tsc");
    const args = [tsc, ...flags.split(" "), "--types", types[runtime], ...files];
    await execIn(process.execPath, args, pack.folder).catch(({ stdout }) => assert.fail(stdout));
  });
}

test("what the stores ask for is what there is: deno", async () => {
  for (const source of snippets("deno")) {
    writeFileSync(join(pack.folder, "deno.ts"), source);
    const args = ["check", "--no-lock", "--node-modules-dir=manual", "--unstable-kv", "deno.ts"];
    await execIn(denoPath(), args, pack.folder).catch(({ stderr }) => assert.fail(stderr));
  }
});

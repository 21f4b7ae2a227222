import assert from "node:assert/strict";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { denoPath } from "../../scripts/lib/runtimes.mjs";
import { execIn, installed } from "../package/pack.mjs";

/** @type {Awaited<ReturnType<typeof installed>>} */
let pack;
before(async () => {
  pack = await installed();
});
after(() => pack?.remove());

// The stores ask less of a runtime than it declares, and only its own declarations can tell whether that fits.

const cloudflare = `
  import { createEdge } from "zendesk-auth/edge";
  import { durableObjectStore, StoreObject } from "zendesk-auth/stores/durable-object";
  import { sqlStore } from "zendesk-auth/stores/sql";
  export { StoreObject };
  interface Env { STORE: DurableObjectNamespace; DB: D1Database; KEYS: string }
  export const inDatabase = (env: Env) => [sqlStore(env.DB), sqlStore(env.DB.withSession("first-primary"))];
  export default {
    async fetch(request, env, context): Promise<Response> {
      const store = durableObjectStore(env.STORE.jurisdiction("eu"));
      const config = { publicUrl: "https://auth.example", sealingKeys: JSON.parse(env.KEYS), store };
      return createEdge(config).fetch(request, context);
    },
  } satisfies ExportedHandler<Env>;
`;

const bun = `
  import { RedisClient } from "bun";
  import { Database } from "bun:sqlite";
  import { redisStore } from "zendesk-auth/stores/redis";
  import { sqlStore } from "zendesk-auth/stores/sql";
  export const stores = [redisStore(new RedisClient("redis://localhost")), sqlStore(new Database("file.db"))];
`;

const deno = `
  import type { Store } from "zendesk-auth/edge";
  import { denoKvStore } from "zendesk-auth/stores/deno-kv";
  export const store: Store = denoKvStore(await Deno.openKv());
`;

/**
 * @param {string} types the runtime's package
 * @param {string} source
 */
async function compile(types, source) {
  const link = join(pack.folder, "node_modules", ...types.split("/"));
  await execIn("mkdir", ["-p", join(link, "..")], pack.folder);
  symlinkSync(inRoot("node_modules", ...types.split("/")), link, "junction");
  writeFileSync(join(pack.folder, "consumer.ts"), source);
  const flags =
    "--noEmit --strict --skipLibCheck --target es2022 --lib es2022 --module esnext --moduleResolution bundler";
  const tsc = inRoot("node_modules", "typescript", "bin", "tsc");
  const args = [tsc, ...flags.split(" "), "--types", types, "consumer.ts"];
  await execIn(process.execPath, args, pack.folder).catch(({ stdout }) => assert.fail(stdout));
}

test("bindings of Cloudflare are what the stores ask for", () => compile("@cloudflare/workers-types", cloudflare));

test("Bun's own clients are what the stores ask for", () => compile("bun-types", bun));

test("Deno KV is what its store asks for", async () => {
  writeFileSync(join(pack.folder, "check.ts"), deno);
  const args = ["check", "--no-lock", "--node-modules-dir=manual", "--unstable-kv", "check.ts"];
  await execIn(denoPath(), args, pack.folder).catch(({ stderr }) => assert.fail(stderr));
});

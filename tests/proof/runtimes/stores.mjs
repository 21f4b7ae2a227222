import { denoKvStore } from "zendesk-auth/stores/deno-kv";
import { redisStore } from "zendesk-auth/stores/redis";
import { sqlStore } from "zendesk-auth/stores/sql";

const { Bun, Deno } = /** @type {any} */ (globalThis);

/**
 * A store in this runtime, opened as docs/stores.md says.
 *
 * @param {import("./service.mjs").Settings["store"]} settings
 * @returns {Promise<import("zendesk-auth/edge").Store>}
 */
export async function openStore({ kind, at }) {
  switch (kind) {
    case "deno-kv":
      return denoKvStore(await Deno.openKv(at));
    case "redis":
      return redisStore(Bun ? new Bun.RedisClient(at) : await nodeRedis(at));
    case "sqlite":
      return sqlStore(Bun ? await bunSqlite(at) : await libSql(at));
    default:
      throw new Error(`${kind} is not opened here`);
  }
}

/** @param {string} url */
async function nodeRedis(url) {
  const { createClient } = await import("redis");
  const client = createClient({ url, disableOfflineQueue: true });
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** @param {string} file */
async function libSql(file) {
  const { createClient } = await import("@libsql/client");
  const client = createClient({ url: `file:${file}` });
  await client.execute("PRAGMA journal_mode = WAL");
  return client;
}

/** @param {string} file */
async function bunSqlite(file) {
  // Only Bun knows this module.
  const { Database } = await import(/** @type {any} */ (["bun", "sqlite"].join(":")));
  const database = new Database(file);
  database.run("PRAGMA journal_mode = WAL");
  database.run("PRAGMA busy_timeout = 5000");
  return database;
}

import { join } from "node:path";
import { createClient } from "@libsql/client";
import { sqlSchema, sqlStore } from "zendesk-auth/stores/sql";
import { fillInSteps } from "./fill.mjs";
import { executeOn } from "./measure.mjs";
import { keyOf, value } from "./population.mjs";

/** @type {import("../scale.mjs").Driver} */
export const libsql = {
  async fill(folder, count) {
    await fillInSteps(folder, count, 20_000, async (from, to) => {
      const client = await open(folder);
      const rows = Array.from({ length: to - from }, (_, at) => ({
        sql: "INSERT OR REPLACE INTO zendesk_auth (key, value, version) VALUES (?, ?, ?)",
        args: [keyOf(from + at, count), value, crypto.randomUUID()],
      }));
      await client.batch(rows, "write");
      client.close();
    });
  },
  async open(folder, count) {
    const client = await open(folder);
    return { count, execute: executeOn(sqlStore(client)), close: async () => client.close() };
  },
};

/** @param {string} folder */
async function open(folder) {
  const client = createClient({ url: `file:${join(folder, "connections.db")}` });
  // As docs/stores.md says.
  for (const setting of ["journal_mode = WAL", "cache_size = -65536", "mmap_size = 8589934592"]) {
    await client.execute(`PRAGMA ${setting}`);
  }
  for (const statement of sqlSchema()) await client.execute(statement);
  return client;
}

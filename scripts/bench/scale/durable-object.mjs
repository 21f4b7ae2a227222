import { createHash, createHmac } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serialize } from "node:v8";
import { createClient } from "@libsql/client";
import { build } from "esbuild";
import { Log, LogLevel, Miniflare } from "miniflare";
import { forWorkerd } from "../../../pkg-config/apps.mjs";
import { inRoot } from "../../lib/paths.mjs";
import { fillInSteps } from "./fill.mjs";
import { keyOf, value } from "./population.mjs";

const worker = "bench";
const space = `${worker}-StoreObject`;
const together = 5;
/** What workerd makes for the first value that an object stores. */
const table =
  "CREATE TABLE IF NOT EXISTS _cf_KV (\n        key TEXT PRIMARY KEY,\n        value BLOB\n      ) WITHOUT ROWID";

/**
 * An object is a file, and a million of them through workerd would take an hour. So what workerd made of one record is
 * copied to where it looks for the others; their folders are filled row by row.
 * @type {import("../scale.mjs").Driver}
 */
export const durableObject = {
  async fill(folder, count) {
    const objects = join(folder, "objects", space);
    mkdirSync(objects, { recursive: true });
    const record = await recordFile(folder);
    await fillInSteps(folder, count, 25_000, async (from, to) => {
      /** @type {Map<string, string[]>} */
      const folders = new Map();
      for (let index = from; index < to; index++) {
        const key = keyOf(index, count);
        writeFileSync(join(objects, `${objectId(`record/${key}`)}.sqlite`), record);
        const end = key.lastIndexOf("/") + 1;
        const names = folders.get(key.slice(0, end)) ?? [];
        folders.set(key.slice(0, end), names);
        names.push(key.slice(end));
      }
      for (const [path, names] of folders) await list(objects, path, names);
    });
  },
  async open(folder, count) {
    const { miniflare, execute } = await start(folder);
    return { count, execute, close: () => miniflare.dispose() };
  },
  operations: [
    { method: "get", objects: "asleep" },
    { method: "get", objects: "awake" },
    { method: "put", objects: "awake" },
    { method: "list", objects: "asleep" },
    { method: "list", objects: "awake" },
  ],
};

/** @param {string} folder */
async function start(folder) {
  const entryPoints = [inRoot("scripts", "bench", "scale", "worker.mjs")];
  const bundled = await build({ entryPoints, outdir: "/", ...forWorkerd, write: false });
  const miniflare = new Miniflare({
    name: worker,
    modules: true,
    script: bundled.outputFiles[0]?.text ?? "",
    compatibilityDate: "2026-04-01",
    durableObjects: { STORE: { className: "StoreObject", useSQLite: true } },
    durableObjectsPersist: join(folder, "objects"),
    cf: false,
    log: new Log(LogLevel.NONE),
  });
  await miniflare.ready;
  return {
    miniflare,
    /** workerd's own clock stands still between two waits, so the time is taken here, of a few calls together. @type {import("./measure.mjs").Execute} */
    async execute(calls) {
      /** @type {import("./measure.mjs").Outcome[]} */
      const outcomes = [];
      const times = [];
      for (let at = 0; at < calls.length; at += together) {
        const some = calls.slice(at, at + together);
        const since = performance.now();
        const answer = await miniflare.dispatchFetch("http://bench/", { method: "POST", body: JSON.stringify(some) });
        const text = await answer.text();
        times.push(((performance.now() - since) * 1000) / some.length);
        if (!answer.ok) throw new Error(text);
        outcomes.push(...JSON.parse(text).outcomes);
      }
      return { outcomes, times };
    },
  };
}

/**
 * The file of one record, as workerd leaves it.
 * @param {string} folder
 */
async function recordFile(folder) {
  const scratch = join(folder, "scratch");
  rmSync(scratch, { recursive: true, force: true });
  const { miniflare, execute } = await start(scratch);
  const key = keyOf(0, 1000);
  await execute([["put", key, value, { expectedVersion: null }]]);
  await miniflare.dispose();
  const file = join(scratch, "objects", space, `${objectId(`record/${key}`)}.sqlite`);
  const client = createClient({ url: `file:${file}` });
  await client.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  client.close();
  const bytes = readFileSync(file);
  rmSync(scratch, { recursive: true, force: true });
  return bytes;
}

/**
 * @param {string} objects
 * @param {string} path
 * @param {string[]} names
 */
async function list(objects, path, names) {
  const client = createClient({ url: `file:${join(objects, `${objectId(`folder/${path}`)}.sqlite`)}` });
  await client.execute("PRAGMA journal_mode = WAL");
  const insert = "INSERT OR REPLACE INTO _cf_KV (key, value) VALUES (?, ?)";
  const rows = names.map((name) => ({ sql: insert, args: [`name/${name}`, serialize(crypto.randomUUID())] }));
  await client.batch([table, { sql: insert, args: ["listed", serialize(true)] }, ...rows], "write");
  await client.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  client.close();
}

/** How workerd, run by miniflare, makes an id of a name. @param {string} name */
function objectId(name) {
  const key = createHash("sha256").update(space).digest();
  const mac = (/** @type {string | Buffer} */ of) => createHmac("sha256", key).update(of).digest().subarray(0, 16);
  const first = mac(name);
  return Buffer.concat([first, mac(first)]).toString("hex");
}

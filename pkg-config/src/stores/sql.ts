import type { Store, StoredValue } from "../edge-types.js";
import { newVersion, optionInvalid, pageSize, refuseOthers } from "../store-support/common.js";
import { afterPrefix } from "../store-support/key-range.js";

type Value = string | number | null;

/** A database that speaks SQLite's SQL, 3.35 or later: D1, a client of libSQL, or one that is embedded in the runtime. */
export type SqlDatabase =
  /** Cloudflare's `D1Database`; also better-sqlite3. */
  | { prepare(sql: string): { bind(...args: Value[]): { all(): Promise<{ results: unknown[] }> | unknown[] } } }
  /** `createClient` of `@libsql/client`. */
  | { execute(statement: { sql: string; args: Value[] }): Promise<{ rows: unknown[] }> }
  /** `bun:sqlite`, `node:sqlite`. */
  | { prepare(sql: string): { all(...args: Value[]): unknown[] } };

export interface SqlStoreOptions {
  /** The table's name: a letter or `_`, then letters, digits and `_`, at most 64. Default: `zendesk_auth`. */
  table?: string;
}

const mostListed = 1000;
/** One write in this many first takes out some of what has expired. */
const sweepOneIn = 16;

/**
 * Keeps everything in one table, which is made where it is missing. Every write is one statement, so the database's own
 * locking makes it atomic.
 *
 * @throws {ZendeskAuthError} `configuration_invalid`, `option_unknown`
 */
export function sqlStore(database: SqlDatabase, options: SqlStoreOptions = {}): Store {
  const { table = "zendesk_auth", ...others } = options;
  refuseOthers(others);
  const run = withTable(runner(database), sqlSchema(table));
  const alive = "(expires_at IS NULL OR expires_at > ?)";

  async function written(sql: string, ...args: Value[]): Promise<boolean> {
    return (await run(sql, ...args)).length > 0;
  }

  /** Before a write, not after: a write that was made must not be reported as failed. */
  async function sweep(): Promise<void> {
    if (Math.random() * sweepOneIn >= 1) return;
    const expired = `SELECT key FROM ${table} WHERE expires_at <= ? ORDER BY expires_at LIMIT 100`;
    await run(`DELETE FROM ${table} WHERE key IN (${expired})`, Date.now());
  }

  return {
    async get(key) {
      const [row] = await run(`SELECT value, version FROM ${table} WHERE key = ? AND ${alive}`, key, Date.now());
      return row && read(row);
    },

    async put(key, value, { expectedVersion, expiresAt }) {
      await sweep();
      const version = newVersion();
      const content = [value, version, expiresAt === undefined ? null : Math.floor(expiresAt)];
      const isWritten =
        expectedVersion === null
          ? await written(
              `INSERT INTO ${table} (key, value, version, expires_at) VALUES (?, ?, ?, ?)
               ON CONFLICT (key) DO UPDATE
               SET value = excluded.value, version = excluded.version, expires_at = excluded.expires_at
               WHERE ${table}.expires_at <= ? RETURNING version`,
              ...[key, ...content, Date.now()],
            )
          : await written(
              `UPDATE ${table} SET value = ?, version = ?, expires_at = ?
               WHERE key = ? AND version = ? AND ${alive} RETURNING version`,
              ...[...content, key, expectedVersion, Date.now()],
            );
      return isWritten ? version : undefined;
    },

    delete: (key, { expectedVersion }) =>
      written(
        `DELETE FROM ${table} WHERE key = ? AND version = ? AND ${alive} RETURNING version`,
        ...[key, expectedVersion, Date.now()],
      ),

    async list(prefix, { cursor, limit } = {}) {
      const size = pageSize(limit, mostListed);
      // One bound on each side: of two lower ones SQLite might search by the wrong one.
      const [from, start] = cursor?.startsWith(prefix) ? [">", cursor] : [">=", prefix];
      const end = afterPrefix(prefix);
      const rows = await run(
        `SELECT key, value, version FROM ${table}
         WHERE key ${from} ? ${end === undefined ? "" : "AND key < ?"} AND ${alive} ORDER BY key LIMIT ?`,
        ...[start, ...(end === undefined ? [] : [end]), Date.now(), size + 1],
      );
      const entries = rows.slice(0, size).map((row) => ({ key: String(row.key), ...read(row) }));
      const last = entries.at(-1);
      return last && rows.length > size ? { entries, cursor: last.key } : { entries };
    },
  };
}

/**
 * The statements that make the table, for a migration of one's own; they change nothing where it is there.
 *
 * @throws {ZendeskAuthError} `configuration_invalid`
 */
export function sqlSchema(table = "zendesk_auth"): string[] {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(table)) {
    throw optionInvalid("table", "this must be a letter or `_`, then letters, digits and `_`, at most 64 in all");
  }
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL, version TEXT NOT NULL, expires_at INTEGER)`,
    `CREATE INDEX IF NOT EXISTS ${table}_expires_at ON ${table} (expires_at) WHERE expires_at IS NOT NULL`,
  ];
}

type Row = Record<string, unknown>;
type Run = (sql: string, ...args: Value[]) => Promise<Row[]>;

function runner(given: SqlDatabase): Run {
  const database = Object(given) as SqlDatabase;
  if ("execute" in database) return async (sql, ...args) => (await database.execute({ sql, args })).rows as Row[];
  if (!("prepare" in database)) {
    throw optionInvalid("database", "this must be D1, a client of libSQL, or an SQLite database of the runtime");
  }
  return async (sql, ...args) => {
    const statement = database.prepare(sql);
    const answer = await ("bind" in statement ? statement.bind(...args).all() : statement.all(...args));
    return (Array.isArray(answer) ? answer : answer.results) as Row[];
  };
}

/** Makes the table when a statement finds it missing, which costs nothing as long as it is there. */
function withTable(run: Run, schema: string[]): Run {
  return async (sql, ...args) => {
    try {
      return await run(sql, ...args);
    } catch (error) {
      if (!/no such table/i.test(String(error))) throw error;
      for (const statement of schema) await run(statement);
      return await run(sql, ...args);
    }
  };
}

function read(row: Row): StoredValue {
  return { value: String(row.value), version: String(row.version) };
}

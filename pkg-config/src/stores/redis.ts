import type { Store } from "../edge-types.js";
import { newVersion, optionInvalid, pageSize, refuseOthers } from "../store-support/common.js";

/**
 * A connected client: node-redis (`createClient`), ioredis, Bun's `RedisClient`, or any other behind an object with
 * `send`. Replies are as these clients have them unless told otherwise: texts as strings, not buffers.
 */
export type RedisClient =
  /** Bun, and whatever a user wraps. */
  | { send(command: string, args: string[]): Promise<unknown> }
  /** ioredis, also its `Cluster`. */
  | { call(command: string, args: string[]): Promise<unknown> }
  /** node-redis. */
  | { sendCommand(args: string[]): Promise<unknown> };

export interface RedisStoreOptions {
  /** What all keys in Redis begin with, as `{prefix}:`. Without braces, 1 to 64 characters. Default: `zendesk-auth`. */
  prefix?: string;
}

const mostListed = 1000;
const versionLength = 36;

/**
 * KEYS: the value, the index of keys, the expiries. A value lies behind its version in one text, so that reads are plain
 * commands; the index is in the order of its bytes. Of what expires Redis forgets the value, and each write some of the
 * rest. Where the connection breaks, clients may send a write twice: the second finds its own version, and it was made.
 */
const putScript = `
local stored = redis.call('GET', KEYS[1])
if stored and string.sub(stored, 1, ${versionLength}) == string.sub(ARGV[3], 1, ${versionLength}) then return 1 end
local version = stored and '=' .. string.sub(stored, 1, ${versionLength}) or ''
if version ~= ARGV[1] then return 0 end
if ARGV[4] == '' then
  redis.call('SET', KEYS[1], ARGV[3])
  redis.call('ZREM', KEYS[3], ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[3], 'PXAT', math.max(1, ARGV[4] - 1))
  redis.call('ZADD', KEYS[3], ARGV[4], ARGV[2])
end
redis.call('ZADD', KEYS[2], 0, ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local expired = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, 10)
if #expired > 0 then
  redis.call('ZREM', KEYS[2], unpack(expired))
  redis.call('ZREM', KEYS[3], unpack(expired))
end
return 1`;

const deleteScript = `
local stored = redis.call('GET', KEYS[1])
if not stored or string.sub(stored, 1, ${versionLength}) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('ZREM', KEYS[3], ARGV[2])
return 1`;

/**
 * Keeps everything in one Redis 6.2 or later (or Valkey). Scripts make the writes atomic; a sorted set beside the values
 * makes a page of a listing cost the same however many keys there are. All keys share one hash tag, so that a cluster
 * keeps them together. What was acknowledged is as durable as that Redis: docs/stores.md says how to configure it.
 *
 * @throws {ZendeskAuthError} `configuration_invalid`, `option_unknown`
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): Store {
  const { prefix = "zendesk-auth", ...others } = options;
  refuseOthers(others);
  if (!/^[^{}]{1,64}$/.test(prefix)) {
    throw optionInvalid("prefix", "this must have 1 to 64 characters, and no braces");
  }
  const send = sender(client);
  const [index, expiries] = [`{${prefix}}:keys`, `{${prefix}}:expiries`];
  const place = (key: string) => `{${prefix}}:value:${key}`;

  const evaluate = (script: string, key: string, args: string[]): Promise<boolean> =>
    send("EVAL", [script, "3", place(key), index, expiries, ...args]).then((reply) => Number(reply) === 1);

  return {
    async get(key) {
      const stored = await send("GET", [place(key)]);
      return stored === null ? undefined : read(stored);
    },

    async put(key, value, { expectedVersion, expiresAt }) {
      const version = newVersion();
      const expected = expectedVersion === null ? "" : `=${expectedVersion}`;
      const expiry = expiresAt === undefined ? "" : String(Math.floor(expiresAt));
      return (await evaluate(putScript, key, [expected, key, version + value, expiry])) ? version : undefined;
    },

    delete: (key, { expectedVersion }) => evaluate(deleteScript, key, [expectedVersion, key]),

    async list(prefix, { cursor, limit } = {}) {
      const size = pageSize(limit, mostListed);
      const from = cursor === undefined ? `[${prefix}` : `(${cursor}`;
      const range = await send("ZRANGE", [index, from, "+", "BYLEX", "LIMIT", "0", String(size + 1)]);
      const keys = texts(range);
      // The index is ordered, so what begins with the prefix comes in one run.
      const end = keys.findIndex((key) => !key.startsWith(prefix));
      const run = end < 0 ? keys : keys.slice(0, end);
      const page = run.slice(0, size);
      const stored = page.length > 0 ? await send("MGET", page.map(place)) : [];
      // What has expired or was deleted since the index was read has no value.
      const entries = page.flatMap((key, at) => {
        const text = (stored as unknown[])[at];
        return text === null ? [] : [{ key, ...read(text) }];
      });
      return run.length > size ? { entries, cursor: page.at(-1) as string } : { entries };
    },
  };
}

function sender(given: RedisClient): (command: string, args: string[]) => Promise<unknown> {
  const client = Object(given) as RedisClient;
  // ioredis has a `sendCommand` too, which takes something else.
  if ("call" in client) return async (command, args) => client.call(command, args);
  if ("send" in client) return async (command, args) => client.send(command, args);
  if ("sendCommand" in client) return async (command, args) => client.sendCommand([command, ...args]);
  throw optionInvalid("client", "this must be a client of Redis: an object with `send`, `call` or `sendCommand`");
}

function read(stored: unknown): { value: string; version: string } {
  const [text = ""] = texts([stored]);
  return { value: text.slice(versionLength), version: text.slice(0, versionLength) };
}

function texts(reply: unknown): string[] {
  if (Array.isArray(reply) && reply.every((each) => typeof each === "string")) return reply;
  throw new TypeError("the client of Redis must answer with strings: take out what makes buffers of them");
}

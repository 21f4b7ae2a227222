import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "redis";
import { redisStore } from "zendesk-auth/stores/redis";
import { tryPort } from "../../lib/ports.mjs";
import { redisPath } from "../../lib/redis.mjs";
import { Problem } from "../../lib/step.mjs";
import { fillInSteps } from "./fill.mjs";
import { executeOn } from "./measure.mjs";
import { keyOf, value } from "./population.mjs";

/** @type {import("../scale.mjs").Driver} */
export const redis = {
  async fill(folder, count) {
    /** @type {Awaited<ReturnType<typeof start>> | undefined} */
    let server;
    try {
      await fillInSteps(folder, count, 50_000, async (from, to) => {
        server ??= await start(folder, "no");
        for (let at = from; at < to; at += 500) await write(server.client, at, Math.min(at + 500, to), count);
      });
    } finally {
      await server?.close();
    }
  },
  async open(folder, count) {
    const { client, close } = await start(folder, "always");
    return { count, execute: executeOn(redisStore(client)), close };
  },
};

/**
 * What the store would write, many in one command.
 * @param {{ sendCommand(args: string[]): Promise<unknown> }} client
 * @param {number} from
 * @param {number} to
 * @param {number} count
 */
async function write(client, from, to, count) {
  const keys = Array.from({ length: to - from }, (_, at) => keyOf(from + at, count));
  const values = keys.flatMap((key) => [`{zendesk-auth}:value:${key}`, crypto.randomUUID() + value]);
  await client.sendCommand(["MSET", ...values]);
  await client.sendCommand(["ZADD", "{zendesk-auth}:keys", ...keys.flatMap((key) => ["0", key])]);
}

/**
 * On disk by an append-only file, synchronized after each write or not at all.
 * @param {string} folder
 * @param {"always" | "no"} appendfsync
 */
async function start(folder, appendfsync) {
  const port = await tryPort(0);
  const program = redisPath();
  if (!port || !program) throw new Problem("redis-server was not found; `npm test` installs it or names the command");
  const options = {
    port: String(port),
    bind: "127.0.0.1",
    dir: folder,
    save: "",
    appendonly: "yes",
    appendfsync,
    "auto-aof-rewrite-percentage": "0",
  };
  const child = spawn(
    program,
    Object.entries(options).flatMap(([name, setting]) => [`--${name}`, setting]),
    { stdio: "ignore" },
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  process.once("exit", () => child.kill());
  const client = createClient({ url: `redis://127.0.0.1:${port}`, socket: { reconnectStrategy: 100 } });
  // It is tried again until the server has read its file.
  client.on("error", () => {});
  await client.connect();
  while (
    await client.ping().then(
      () => false,
      () => true,
    )
  )
    await sleep(200);
  return {
    client,
    async close() {
      client.destroy();
      child.kill();
      await ended;
    },
  };
}

import { conformance } from "zendesk-auth/stores/conformance";
import { redisStore } from "zendesk-auth/stores/redis";
import { report } from "./report.mjs";

const { RedisClient } = /** @type {any} */ (globalThis).Bun;
const url = process.argv[2];
const clients = [new RedisClient(url), new RedisClient(url)];
for (const client of clients) await client.connect();
const closed = new RedisClient("redis://127.0.0.1:1", { autoReconnect: false, enableOfflineQueue: false });

let opened = 0;
const makeStore = () => redisStore(clients[opened++ % 2]);
await report(conformance(makeStore, { makeUnreachable: () => redisStore(closed) }));
for (const client of clients) client.close();

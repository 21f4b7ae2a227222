import { createClient } from "redis";
import { conformance } from "zendesk-auth/stores/conformance";
import { redisStore } from "zendesk-auth/stores/redis";
import { report } from "./report.mjs";

const { Deno } = /** @type {any} */ (globalThis);
const [url] = Deno.args;
const clients = [createClient({ url }), createClient({ url })];
for (const client of clients) await client.connect();

let opened = 0;
await report(conformance(() => redisStore(/** @type {any} */ (clients[opened++ % 2]))));
for (const client of clients) client.destroy();
Deno.exit(0);

import { conformance } from "zendesk-auth/stores/conformance";
import { denoKvStore } from "zendesk-auth/stores/deno-kv";
import { report } from "./report.mjs";

const { Deno } = /** @type {any} */ (globalThis);
const [file] = Deno.args;
const openings = [await Deno.openKv(file), await Deno.openKv(file)];
const closed = await Deno.openKv(file);
closed.close();

let opened = 0;
const makeStore = () => denoKvStore(openings[opened++ % 2]);
await report(conformance(makeStore, { makeUnreachable: () => denoKvStore(closed) }));
for (const kv of openings) kv.close();

import { conformance } from "zendesk-auth/stores/conformance";
import { sqlStore } from "zendesk-auth/stores/sql";
import { report } from "./report.mjs";

// Node has this module from 22 on, and Deno too.
const { DatabaseSync } = await import(/** @type {any} */ (["node", "sqlite"].join(":")));
const [file] = /** @type {any} */ (globalThis).Deno.args;
const databases = [new DatabaseSync(file), new DatabaseSync(file)];
for (const database of databases) database.exec("PRAGMA journal_mode = WAL");
const closed = new DatabaseSync(file);
closed.close();

let opened = 0;
const makeStore = () => sqlStore(databases[opened++ % 2]);
await report(conformance(makeStore, { makeUnreachable: () => sqlStore(closed) }));

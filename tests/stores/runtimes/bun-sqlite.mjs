import { conformance } from "zendesk-auth/stores/conformance";
import { sqlStore } from "zendesk-auth/stores/sql";
import { report } from "./report.mjs";

// Only Bun knows this module.
const { Database } = await import(/** @type {any} */ (["bun", "sqlite"].join(":")));
const file = process.argv[2];
const databases = [new Database(file), new Database(file)];
for (const database of databases) database.run("PRAGMA journal_mode = WAL");
const closed = new Database(file);
closed.close();

let opened = 0;
const makeStore = () => sqlStore(databases[opened++ % 2]);
await report(conformance(makeStore, { makeUnreachable: () => sqlStore(closed) }));

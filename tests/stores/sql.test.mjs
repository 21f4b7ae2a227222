import { after, before } from "node:test";
import { createClient } from "@libsql/client";
import { conformance } from "zendesk-auth/stores/conformance";
import { sqlStore } from "zendesk-auth/stores/sql";
import { bunPath, denoPath, denoRun } from "../../scripts/lib/runtimes.mjs";
import { conforms, conformsElsewhere, resultsOf, runtimeFile, temporaryFolder } from "./support.mjs";

const folder = temporaryFolder();
const url = `file:${folder.path}/libsql.db`;
const clients = [createClient({ url }), createClient({ url })];
before(() => clients[0]?.execute("PRAGMA journal_mode = WAL"));
after(() => {
  for (const client of clients) client.close();
  folder.remove();
});

let opened = 0;
conforms("libSQL", () =>
  conformance(() => sqlStore(/** @type {typeof clients[0]} */ (clients[opened++ % 2])), {
    makeUnreachable() {
      const closed = createClient({ url });
      closed.close();
      return sqlStore(closed);
    },
  }),
);

conformsElsewhere("bun:sqlite", () => resultsOf(bunPath(), runtimeFile("bun-sqlite.mjs"), `${folder.path}/bun.db`));

conformsElsewhere("node:sqlite, in Deno", () =>
  resultsOf(denoPath(), ...denoRun, "--allow-all", runtimeFile("node-sqlite.mjs"), `${folder.path}/node.db`),
);

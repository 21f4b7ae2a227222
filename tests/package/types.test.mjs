import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { execIn, installed } from "./pack.mjs";

/** @type {Awaited<ReturnType<typeof installed>>} */
let pack;
before(async () => {
  pack = await installed();
});
after(() => pack?.remove());

const consumer = `
  import { beginAuthorization, checkCallback, isZendeskAuthError, type Transaction } from "zendesk-auth";
  import { createEdge, type EdgeConfig, type Store } from "zendesk-auth/edge";
  import { createEdge as createSlimEdge, initSync as initEdge } from "zendesk-auth/edge/slim";
  import { finishCallback, type ZendeskConnectElement } from "zendesk-auth/connect";
  import { initSync } from "zendesk-auth/slim";
  import { conformance, type ConformanceTest } from "zendesk-auth/stores/conformance";
  import { denoKvStore } from "zendesk-auth/stores/deno-kv";
  import { durableObjectStore, StoreObject } from "zendesk-auth/stores/durable-object";
  import { memoryStore } from "zendesk-auth/stores/memory";
  import { redisStore } from "zendesk-auth/stores/redis";
  import { sqlSchema, sqlStore } from "zendesk-auth/stores/sql";
  import wasm from "zendesk-auth/zendesk_auth.wasm";
  import edgeWasm from "zendesk-auth/zendesk_auth_edge.wasm";

  initSync(wasm);
  initEdge(edgeWasm);
  export const same: typeof createEdge = createSlimEdge;
  export const elements: [typeof finishCallback, ZendeskConnectElement | null] = [finishCallback, document.querySelector("zendesk-connect")];
  const options = { subdomain: "acme", clientId: "id", redirectUri: "https://app.example/callback", scope: "read" };
  const { authorizationUrl, transaction } = beginAuthorization(options);
  export const kept: Transaction = transaction;
  export const address: string = authorizationUrl;
  export const callback = checkCallback(new URL("https://app.example/callback?code=1&state=2"), kept);
  export const store: Store = memoryStore();
  export class Own extends StoreObject {}
  export const makers: ((given: never) => Store)[] = [durableObjectStore, denoKvStore, redisStore, sqlStore];
  export const migration: string[] = sqlSchema("connections");
  export const tests: ConformanceTest[] = conformance(() => store);
  export function serve(config: EdgeConfig): (request: Request) => Promise<Response> {
    const edge = createEdge(config);
    return (request) => edge.fetch(request);
  }
  export const code = (error: unknown): string | undefined => (isZendeskAuthError(error) ? error.code : undefined);
`;

const wrong = {
  "a misspelt option": `import { beginAuthorization } from "zendesk-auth"; beginAuthorization({ subdomain: "a", clientId: "b", redirectURI: "c", scope: "read" });`,
  "a callback that nobody checked": `import { exchange } from "zendesk-auth"; exchange("/oauth/exchange", { code: "1" });`,
  "a client of Redis that nobody knows": `import { redisStore } from "zendesk-auth/stores/redis"; redisStore({ get: async () => "" });`,
  "a misspelt table": `import { sqlStore } from "zendesk-auth/stores/sql"; sqlStore({ prepare: () => ({ all: () => [] }) }, { tabel: "x" });`,
  "a store without compare-and-set": `import type { Store } from "zendesk-auth/edge"; export const store: Store = { get: async () => undefined };`,
};

/**
 * @param {string} source
 * @param {string[]} flags
 */
async function compile(source, flags) {
  const file = join(pack.folder, "consumer.ts");
  writeFileSync(file, source);
  const strict = [
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "false",
    "--target",
    "es2022",
    "--lib",
    "es2022,dom,dom.iterable",
    "--types",
    "",
  ];
  const tsc = inRoot("node_modules", "typescript", "bin", "tsc");
  return execIn(process.execPath, [tsc, ...strict, ...flags, file], pack.folder).then(
    () => "",
    (error) => String(error.stdout),
  );
}

for (const [name, flags] of Object.entries({
  bundler: ["--module", "esnext", "--moduleResolution", "bundler"],
  nodenext: ["--module", "nodenext", "--moduleResolution", "nodenext"],
})) {
  test(`the declarations stand alone under the strictest settings (${name})`, async () => {
    assert.equal(await compile(consumer, flags), "");
  });
}

for (const [name, source] of Object.entries(wrong)) {
  test(`${name} does not compile`, async () => {
    assert.match(
      await compile(source, ["--module", "nodenext"]),
      /consumer\.ts\(1,\d+\): error TS(2353|2561|2345|2739|2740|2741)/,
    );
  });
}

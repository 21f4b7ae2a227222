// A worker in Node, Bun or Deno: prints where it listens, and runs until it is killed.
import process from "node:process";
import { makeService } from "./service.mjs";
import { openStore } from "./stores.mjs";

/** @type {import("./service.mjs").Settings} */
const settings = JSON.parse(process.argv[2] ?? "");
const { Bun, Deno } = /** @type {any} */ (globalThis);
const store = await openStore(settings.store);
const printUrl = (/** @type {{ port: number }} */ { port }) =>
  console.log(JSON.stringify([`http://127.0.0.1:${port}`]));

if (Bun) {
  // Of the three it is Bun whose fetch knows `*.localhost`.
  printUrl(Bun.serve({ fetch: makeService(settings, { store }), hostname: "127.0.0.1", port: 0, idleTimeout: 120 }));
} else {
  const { loopbackFetch } = await import("../../edge/loopback.mjs");
  const service = makeService(settings, { store, fetch: loopbackFetch });
  if (Deno) {
    const serving = { hostname: "127.0.0.1", port: 0, onListen: printUrl };
    Deno.serve(serving, (/** @type {Request} */ request) => service(request, {}));
  } else {
    const { createAdaptorServer } = await import("@hono/node-server");
    const server = createAdaptorServer({ fetch: (request) => service(request, {}) });
    server.listen({ host: "127.0.0.1", port: 0, backlog: 2048 }, () =>
      printUrl(/** @type {import("node:net").AddressInfo} */ (server.address())),
    );
  }
}

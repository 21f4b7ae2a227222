// Serves a handler in Node, Deno or Bun: the port is the program's last argument.
import handler from "#handler";

const port = Number(process.argv.at(-1));
const { Bun, Deno } = /** @type {any} */ (globalThis);
const fetch = (/** @type {Request} */ request) => /** @type {any} */ (handler).fetch(request, {});
if (Deno) {
  Deno.serve({ port, hostname: "127.0.0.1", onListen() {} }, fetch);
} else if (Bun) {
  Bun.serve({ port, hostname: "127.0.0.1", fetch });
} else {
  const { serve } = await import("@hono/node-server");
  serve({ port, hostname: "127.0.0.1", fetch });
}

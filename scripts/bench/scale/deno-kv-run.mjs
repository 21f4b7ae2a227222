// Runs in Deno.

import process from "node:process";
import { createInterface } from "node:readline";
import { denoKvStore } from "zendesk-auth/stores/deno-kv";
import { executeOn } from "./measure.mjs";
import { keyOf, value } from "./population.mjs";

const { Deno } = /** @type {any} */ (globalThis);
const kv = await Deno.openKv(`${Deno.args[0]}/connections.kv`);
const store = denoKvStore(kv);
const execute = executeOn(store);

for await (const line of createInterface({ input: process.stdin })) {
  const { fill, calls } = JSON.parse(line);
  console.log(JSON.stringify(fill ? await write(fill) : await execute(calls)));
}
kv.close();

/**
 * What the store would write, many in one operation.
 * @param {{ from: number, to: number, count: number }} what
 */
async function write({ from, to, count }) {
  for (let at = from; at < to; at += 500) {
    const operation = kv.atomic();
    for (let index = at; index < Math.min(at + 500, to); index++) {
      operation.set(["zendesk-auth", "value", keyOf(index, count)], { value, parts: 0 });
    }
    await operation.commit();
  }
  return {};
}

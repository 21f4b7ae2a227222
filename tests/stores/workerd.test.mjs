import { after, before } from "node:test";
import { serveWorker } from "./runtimes/serve-worker.mjs";
import { conformsElsewhere, temporaryFolder } from "./support.mjs";

const folder = temporaryFolder();
/** @type {Awaited<ReturnType<typeof serveWorker>>} */
let served;
before(async () => {
  served = await serveWorker(folder.path);
});
after(async () => {
  await served?.miniflare.dispose();
  folder.remove();
});

/** @param {string} suite */
async function run(suite) {
  const ask = async (query = "") =>
    /** @type {any} */ (await (await served.miniflare.dispatchFetch(`http://worker/${suite}${query}`)).json());
  const names = await ask();
  /** @type {import("./support.mjs").Result[]} */
  const results = [];
  const left = [...names.keys()];
  const some = async () => {
    for (let index = left.shift(); index !== undefined; index = left.shift()) {
      results[index] = await ask(`?test=${index}`);
    }
  };
  await Promise.all([some(), some(), some(), some()]);
  return results;
}

for (const suite of ["durable-object", "d1"]) conformsElsewhere(suite, () => run(suite));

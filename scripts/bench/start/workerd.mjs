import { inRoot } from "../../lib/paths.mjs";
import { serveInWorkerd } from "../workerd.mjs";

/** workerd's clock stands still while a request is worked on, so the time is taken here, less that of a request for nothing. */
export async function workerd() {
  const { origin, close } = await serveInWorkerd("start", inRoot("scripts", "bench", "start", "worker.mjs"));
  let each = 10;
  const ask = async (/** @type {number} */ count) => {
    const since = performance.now();
    const answer = await fetch(`${origin}/?count=${count}`);
    await answer.text();
    if (!answer.ok) throw new Error(`workerd answered with ${answer.status}`);
    return (performance.now() - since) * 1000;
  };
  return {
    /** @type {import("../rounds.mjs").Subject} */
    async subject(ms) {
      const count = Math.max(100, Math.round((ms * 1000) / each));
      const nothing = Math.min(await ask(0), await ask(0), await ask(0));
      each = Math.max(0.1, ((await ask(count)) - nothing) / count);
      return each;
    },
    close,
  };
}

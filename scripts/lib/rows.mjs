import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Problem, say } from "./step.mjs";

/**
 * @typedef {object} RowOptions
 * @property {boolean} json
 * @property {string | undefined} from another folder to pack than pkg-config/dist
 * @property {string[]} names of the rows to run, in the order of the table
 */

/**
 * @param {string} usage
 * @param {string[]} all names
 * @returns {RowOptions | undefined} undefined where only the usage was asked for
 */
export function rowOptions(usage, all) {
  const { values, positionals } = parseArgs({
    options: { json: { type: "boolean" }, package: { type: "string" }, help: { type: "boolean" } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(usage);
    return undefined;
  }
  const unknown = positionals.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Problem(`no row is called ${unknown.join(", ")}; the rows are ${all.join(", ")}`);
  return {
    json: values.json ?? false,
    from: values.package,
    names: positionals.length > 0 ? all.filter((name) => positionals.includes(name)) : all,
  };
}

/**
 * Gives `work` so long; its signal tells it to end what it started.
 * @template T
 * @param {number} milliseconds
 * @param {(signal: AbortSignal) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function within(milliseconds, work) {
  const controller = new AbortController();
  const late = new Problem(`not done after ${milliseconds / 1000} s`);
  const limit = setTimeout(() => controller.abort(late), milliseconds);
  /** @type {Promise<never>} */
  const giveUp = new Promise((_, reject) => {
    // A little later, so that what was ended can say why it took so long.
    controller.signal.addEventListener("abort", () => void sleep(7_000).then(() => reject(late)));
  });
  try {
    return await Promise.race([work(controller.signal), giveUp]);
  } finally {
    clearTimeout(limit);
  }
}

/** @param {unknown} error */
export const reason = (error) =>
  error instanceof Problem ? error.message : error instanceof Error ? `${error.stack}` : String(error);

/**
 * @param {string} name
 * @param {string | undefined} why it failed
 * @param {string} [more]
 */
export function tell(name, why, more = "") {
  say(`  ${why === undefined ? "✓" : "✗"} ${name.padEnd(24)} ${more}`.trimEnd());
  if (why !== undefined) say(why.replace(/^/gm, "      "));
}

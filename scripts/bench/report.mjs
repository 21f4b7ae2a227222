import { readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { inRoot } from "../lib/paths.mjs";
import { run } from "../lib/step.mjs";
import { chart } from "./chart.mjs";
import { judged } from "./goals.mjs";
import { scaleTable } from "./scale.mjs";

/** @typedef {{ title: string, head: string[], rows: string[][], note?: string }} Table */

const packages = ["arctic", "oauth4webapi", "openid-client", "jose", "hono", "esbuild", "workerd", "deno", "bun"];

/** @param {number} value @param {number} [digits] */
const number = (value, digits = 2) =>
  value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits });
/** @param {string} name */
const shown = (name) => name.replace("openid_client", "openid-client").replace("ours_", "ours, ").replace("_", " ");

/** @param {Record<string, any>} results @returns {Table[]} */
function tables(results) {
  const { start, callback, worker, cold, refresh, memory } = results;
  /** @type {Table[]} */
  const all = [];
  if (start) {
    const base = start.arctic.median;
    all.push({
      title: "Start of an authorization: state, verifier, challenge, URL; µs",
      head: ["", "median", "lowest", "highest", "of arctic"],
      rows: Object.entries(start).map(([name, each]) => [...spreadRow(name, each), number(each.median / base)]),
      note: "floor: one getRandomValues of 64 bytes and one SHA-256 of the host's; native: the same Rust compiled for this machine.",
    });
  }
  if (callback) {
    all.push({
      title: "Callback checked, code redeemed and answer judged, without network; µs",
      head: ["", "median", "lowest", "highest"],
      rows: Object.entries(callback).map(([name, each]) => spreadRow(name, each)),
    });
  }
  if (worker) {
    all.push({
      title: "The hand-off in workerd, by concurrency",
      head: ["", "at once", "per CPU-second", "lowest", "highest", "p50 ms", "p99 ms"],
      rows: Object.entries(worker).flatMap(([name, { at }]) =>
        Object.entries(at).map(([concurrency, { per_cpu_second: rate, p50_ms, p99_ms }]) => [
          shown(name),
          concurrency,
          ...[rate.median, rate.low, rate.high].map((value) => number(value, 0)),
          ...[p50_ms, p99_ms].map((value) => number(value)),
        ]),
      ),
      note: "floor: the same three requests and nothing else. The processor's time is workerd's alone.",
    });
  }
  if (cold) {
    all.push({
      title: "From the start of a process to its first hand-off answered; ms",
      head: ["", "", "median", "lowest", "highest"],
      rows: Object.entries(cold).flatMap(([runtime, handlers]) =>
        Object.entries(handlers).map(([name, each]) => [runtime, ...spreadRow(name, each)]),
      ),
    });
  }
  if (refresh) {
    const { good, refreshed, thousand_ms: thousand, thousand_upstream: upstream } = refresh;
    all.push({
      title: "Credentials of a connection; µs",
      head: ["", "median", "lowest", "highest"],
      rows: [
        spreadRow("good still", good),
        spreadRow("refreshed for each", refreshed),
        spreadRow("1,000 at once, expired", {
          median: thousand.median * 1000,
          low: thousand.low * 1000,
          high: thousand.high * 1000,
        }),
      ],
      note: `For the 1,000 at once, Zendesk was asked ${upstream} time${upstream === 1 ? "" : "s"}.`,
    });
  }
  if (memory) {
    all.push({
      title: "What an isolate holds, garbage collected; bytes",
      head: ["requests", "WebAssembly", "heap", "buffers"],
      rows: [memory.first, memory.last].map((held) =>
        [held.requests, held.wasm, held.heap, held.external].map((value) => number(value, 0)),
      ),
    });
  }
  const goals = judged(results);
  if (goals.length > 0) {
    all.push({
      title: "Goals",
      head: ["", "ratio", "at most", ""],
      rows: goals.map(({ goal, ratio, limit, isMet }) => [
        goal,
        number(ratio),
        number(limit),
        isMet ? "met" : "missed",
      ]),
    });
  }
  for (const [section, profile] of Object.entries(results.profiles ?? {})) {
    all.push({
      title: `Where the time of ours goes: ${section}`,
      head: ["", "share"],
      rows: profile.map((/** @type {import("./profile.mjs").Profile[number]} */ { where, share }) => [
        where,
        `${number(share * 100, 0)} %`,
      ]),
    });
  }
  return all;
}

/** @param {string} name @param {import("./rounds.mjs").Spread} spread */
function spreadRow(name, { median, low, high }) {
  return [shown(name), ...[median, low, high].map((value) => number(value))];
}

/** @param {Record<string, any>} results */
export function table(results) {
  const texts = tables(results).map(({ title, head, rows, note }) => {
    const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? "").length)));
    const line = (/** @type {string[]} */ row) =>
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart((widths[at] ?? 0) + 2)))
        .join("")
        .trimEnd();
    return [title, "", ...[head, ...rows].map(line), ...(note ? ["", note] : [])].join("\n");
  });
  if (results.scale) texts.push(scaleTable(results.scale));
  return texts.join("\n\n");
}

/**
 * BENCHMARKS.md and its chart, from one run.
 * @param {Record<string, any>} results
 * @param {string[]} args
 */
export async function report(results, args) {
  const picture = chart(results);
  if (picture) writeFileSync(inRoot("docs", "benchmarks.svg"), picture);
  const markdown = tables(results).map(({ title, head, rows, note }) => {
    const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
    const rule = head.map((_, at) => (at === 0 ? "---" : "--:"));
    return [`## ${title}`, "", line(head), line(rule), ...rows.map(line), ...(note ? ["", note] : [])].join("\n");
  });
  if (results.scale) markdown.push(["## Stores", "", "```text", scaleTable(results.scale), "```"].join("\n"));
  const text = [
    "# Benchmarks",
    "",
    "Written by the command below and by nobody's hand. Everything was measured in one run, in rounds in which all take their turn;",
    "what is given is the median of the rounds, and how far they spread.",
    "",
    ...(picture ? ["![Times of an authorization's start and of a callback](docs/benchmarks.svg)", ""] : []),
    "```text",
    ...(await circumstances(args)),
    "```",
    "",
    markdown.join("\n\n"),
    "",
  ].join("\n");
  writeFileSync(inRoot("BENCHMARKS.md"), text);
}

/** @param {string[]} args */
async function circumstances(args) {
  const versionOf = (/** @type {string} */ name) =>
    JSON.parse(readFileSync(inRoot("node_modules", name, "package.json"), "utf8")).version;
  const [first] = cpus();
  return [
    `command   npm run bench -- ${args.join(" ")}`,
    `date      ${new Date().toISOString().slice(0, 10)}`,
    `machine   ${cpus().length} x ${first?.model ?? "unknown CPU"}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}`,
    `versions  Node ${process.versions.node}, ${(await run("rustc", ["--version"])).trim()}`,
    `          ${packages.map((name) => `${name} ${versionOf(name)}`).join(", ")}`,
  ];
}

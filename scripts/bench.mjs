import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { entry, Problem } from "./lib/step.mjs";

const usage = `npm run bench                the start of an authorization against its peers
npm run bench -- scale       each store with 1,000,000 connections against the same with 1,000
npm run -s bench -- --json   the same as JSON
  --rounds N                 interleaved rounds, 15 unless told
of scale:
  --store NAME               only this one; may be given several times
  --count N                  instead of 1,000,000
  --calls N                  for each round, 200 unless told
  --keep                     leave what was written, for the next run`;

await entry(async () => {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: "boolean" },
      rounds: { type: "string", default: "15" },
      store: { type: "string", multiple: true, default: [] },
      count: { type: "string", default: "1000000" },
      calls: { type: "string", default: "200" },
      keep: { type: "boolean", default: false },
      help: { type: "boolean" },
    },
    allowPositionals: true,
  });
  if (values.help) return console.log(usage);
  const [what = "start"] = positionals;
  const rounds = Number(values.rounds);
  if (what === "scale") {
    const { scale, scaleTable } = await import("./bench/scale.mjs");
    const { store: stores, keep } = values;
    const results = await scale({ count: Number(values.count), calls: Number(values.calls), rounds, stores, keep });
    return console.log(values.json ? JSON.stringify({ scale: results }) : scaleTable(results));
  }
  if (what !== "start") throw new Problem(`there is no benchmark ${what}\n\n${usage}`);
  const { start } = await import("./bench/start.mjs");
  const results = { start: await start(rounds) };
  console.log(values.json ? JSON.stringify(results) : table(results.start));
});

/** @param {Record<string, import("./bench/rounds.mjs").Spread>} results */
function table(results) {
  const floor = results.arctic?.median ?? Number.NaN;
  const lines = Object.entries(results).map(([name, { median, low, high }]) =>
    [
      name.padEnd(16),
      ...[median, low, high].map((each) => each.toFixed(2).padStart(9)),
      (median / floor).toFixed(2).padStart(11),
    ].join(""),
  );
  return [
    `start of an authorization: state, verifier, challenge, URL. µs each, Node ${process.versions.node}, ${cpus()[0]?.model ?? "unknown CPU"}`,
    "",
    `${"".padEnd(16)}${["median", "lowest", "highest"].map((name) => name.padStart(9)).join("")}${"of arctic".padStart(11)}`,
    ...lines,
  ].join("\n");
}

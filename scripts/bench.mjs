import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { start } from "./bench/start.mjs";
import { entry } from "./lib/step.mjs";

const usage = `npm run bench                a table
npm run -s bench -- --json   the same as JSON
  --rounds N                 interleaved rounds, 15 unless told`;

await entry(async () => {
  const { values } = parseArgs({
    options: { json: { type: "boolean" }, rounds: { type: "string", default: "15" }, help: { type: "boolean" } },
  });
  if (values.help) return console.log(usage);
  const results = { start: await start(Number(values.rounds)) };
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

import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { buildAll, installDependencies } from "./lib/bootstrap.mjs";
import { needChromium } from "./lib/chromium.mjs";
import { inRoot, root } from "./lib/paths.mjs";
import { needRedis } from "./lib/redis.mjs";
import { simulation } from "./lib/simulation.mjs";
import { filesUnder } from "./lib/stamp.mjs";
import { entry, Problem, run, say } from "./lib/step.mjs";

/** @typedef {{ name: string, work: () => Promise<unknown> }} Section */

const minutes = (/** @type {number} */ count) => count * 60_000;

await entry(async () => {
  const wanted = process.argv.slice(2);
  say("zendesk-auth: test");
  await installDependencies();
  await needChromium();
  await needRedis();
  await buildAll();

  const failed = [];
  const since = Date.now();
  for (const { name, work } of wanted.length > 0 ? javaScript(wanted) : [...rust(), ...javaScript([])]) {
    say(`\n── ${name}`);
    try {
      await work();
    } catch (error) {
      say(error instanceof Problem ? error.message : String(error));
      failed.push(name);
    }
  }
  const took = `${Math.round((Date.now() - since) / 1000)} s`;
  if (failed.length > 0) throw new Problem(`FAILED after ${took}: ${failed.join("; ")}`);
  say(`\nall tests passed in ${took}`);
});

/** @returns {Section[]} */
function rust() {
  const cargo = (/** @type {string[]} */ ...more) =>
    run("cargo", ["test", "--locked", "--package", "zendesk-auth", ...more], { show: true });
  return [
    { name: "Rust, as the browser has it", work: () => cargo() },
    { name: "Rust, as the edge has it", work: () => cargo("--features", "edge") },
    { name: "the simulation, used by a test below", work: simulation },
  ];
}

/**
 * Tests that drive a browser, or a thousand calls at once, run one file at a time: with two on two cores, time-outs would
 * measure the machine.
 * @param {string[]} wanted parts of paths; none: all
 * @returns {Section[]}
 */
function javaScript(wanted) {
  const all = filesUnder(inRoot("tests"))
    .map((file) => relative(root, file))
    .filter((file) => /\.test\.m?js$/.test(file))
    .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
  const alone = all.filter((file) => /^tests\/(?:browser|connect|examples|matrix|proof)\//.test(file));
  const others = all.filter((file) => !alone.includes(file));
  if (all.length === 0) throw new Problem(`no test file matches ${wanted.join(", ")}`);
  const parallel = Math.max(1, Math.min(4, availableParallelism()));
  return [
    { name: "JavaScript", files: others, concurrency: parallel, limit: minutes(4), total: minutes(20) },
    {
      name: "Chromium, real runtimes and the stand-in",
      files: alone,
      concurrency: 1,
      limit: minutes(12),
      total: minutes(50),
    },
  ]
    .filter(({ files }) => files.length > 0)
    .map(({ name, files, concurrency, limit, total }) => ({
      name: `${name} (${files.length === 1 ? "1 file" : `${files.length} files`})`,
      work: () => nodeTest(files, concurrency, limit, total),
    }));
}

/**
 * @param {string[]} files
 * @param {number} concurrency
 * @param {number} limit milliseconds, for each file; single tests set their own
 * @param {number} total milliseconds, for all files on a machine that does other things too
 */
function nodeTest(files, concurrency, limit, total) {
  const args = [
    "--test",
    "--test-reporter=spec",
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${limit}`,
    ...files,
  ];
  return run(process.execPath, args, { show: true, timeout: total }).catch(() => {
    throw new Problem("some of these tests failed");
  });
}

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { simulation } from "../../scripts/lib/simulation.mjs";

const program = await simulation();

/** @param {...string} args */
function simulate(...args) {
  return JSON.parse(execFileSync(program, [...args, "--json"], { encoding: "utf8" }));
}

test("no promise is broken, whatever goes wrong", (t) => {
  const { violations, first, ...report } = simulate("--seeds", "2000");
  t.diagnostic(JSON.stringify(report));
  assert.equal(violations, 0, JSON.stringify(first));
  // A simulation in which nothing happens promises nothing.
  const { calls, awaits, refreshes, handedOut, faults, crashes, lostPairs, reauthorizations } = report;
  const happened = { calls, awaits, refreshes, handedOut, faults, crashes, lostPairs, reauthorizations };
  for (const [what, times] of Object.entries(happened)) assert.ok(times > 100, `only ${times} ${what}`);
});

test("each of the three defects is found within 1,000 seeds, and its story is told exactly the same again", (t) => {
  const { seeds, defects } = simulate("--prove", "--seeds", "1000");
  assert.equal(seeds, 1000);
  t.diagnostic(JSON.stringify(defects));
  const found = Object.fromEntries(
    defects.map((/** @type {any} */ { defect, invariant, exact }) => [defect, { invariant, exact }]),
  );
  assert.deepEqual(found, {
    "no-lease": { invariant: "no refresh token is spent twice while its owner lives", exact: true },
    "use-before-store": { invariant: "a new pair is durable before anyone uses it", exact: true },
    "never-expires": {
      invariant: "no credential is handed out that ended longer than one request ago",
      exact: true,
    },
  });
});

test("a seed that breaks a promise tells what happened, for a person to read", () => {
  const [broken] = simulate("--prove").defects;
  const args = ["--seed", String(broken.seed), "--defect", broken.defect];
  const story = (() => {
    try {
      return execFileSync(program, args, { encoding: "utf8" });
    } catch (error) {
      return String(/** @type {{ stdout: string }} */ (error).stdout);
    }
  })();
  assert.match(story, /call \d+ begins in isolate \d+: GET \/connections\//);
  assert.match(story, /Zendesk receives POST \/oauth\/tokens of call \d+: 200/);
  assert.match(story, /VIOLATION of `no refresh token is spent twice while its owner lives`: call \d+ sends/);
  assert.match(story, new RegExp(`seed ${broken.seed} breaks \`no refresh token is spent twice`));
});

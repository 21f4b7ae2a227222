import { simulation } from "./lib/simulation.mjs";
import { entry, Problem, run } from "./lib/step.mjs";

await entry(async () => {
  const wanted = process.argv.slice(2);
  const program = await simulation();
  await run(program, wanted, { show: true, timeout: 60 * 60_000 }).catch(() => {
    throw new Problem("the simulation found something, as said above");
  });
});

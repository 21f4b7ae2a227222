import { after, before, test } from "node:test";
import { answersSeenBy, assertAllDescribed } from "./support/answers.mjs";
import { ConsolePage, FLOWS } from "./support/console-page.mjs";
import { startWorld } from "./support/world.mjs";

/** @type {import("./support/world.mjs").World} */
let world;

before(async () => {
  world = await startWorld({}, { shipped: true });
});

after(() => world?.close());

for (const flow of FLOWS) {
  for (const mode of /** @type {const} */ (["popup", "redirect"])) {
    test(`the worker that npm start runs: ${flow}, ${mode}`, { timeout: 120_000 }, async () => {
      const context = await world.browser.newContext();
      const answers = answersSeenBy(context, world);
      const console = await new ConsolePage(await context.newPage(), world).open();
      await console.fill();
      await console.choose({ flow, mode });
      await (await console.authorizeIn(mode)).allow();
      await console.seeConnected();
      assertAllDescribed(await answers());
      await context.close();
    });
  }
}

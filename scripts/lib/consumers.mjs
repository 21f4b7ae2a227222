import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { installDependencies } from "./bootstrap.mjs";
import { inRoot } from "./paths.mjs";
import { exclusively } from "./stamp.mjs";

/** Apps that are tried lie below, so that each finds the tools as it would find its own. */
export const consumers = inRoot("target", "consumers");

/** The tools of tests/consumers. They are as large as all of the root's together, so only what needs them installs them. */
export async function installConsumers() {
  await exclusively("consumers", async () => {
    mkdirSync(consumers, { recursive: true });
    for (const file of ["package.json", "package-lock.json", ".npmrc"]) {
      copyFileSync(inRoot("tests", "consumers", file), join(consumers, file));
    }
    await installDependencies(consumers);
  });
}

/** @param {...string} path in the folder of a tool */
export const consumer = (...path) => join(consumers, "node_modules", ...path);

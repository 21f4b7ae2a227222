import { after } from "node:test";
import { denoPath, denoRun } from "../../scripts/lib/runtimes.mjs";
import { conformsElsewhere, resultsOf, runtimeFile, temporaryFolder } from "./support.mjs";

const folder = temporaryFolder();
after(folder.remove);

conformsElsewhere("Deno KV", () =>
  resultsOf(denoPath(), ...denoRun, "--unstable-kv", "--allow-all", runtimeFile("deno-kv.mjs"), `${folder.path}/kv`),
);

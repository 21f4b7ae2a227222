import { rmSync, symlinkSync } from "node:fs";
import { dist, inRoot } from "../scripts/lib/paths.mjs";
import { exclusively } from "../scripts/lib/stamp.mjs";
import { entry, Problem, say, step } from "../scripts/lib/step.mjs";
import { buildConsole, buildWorker } from "./apps.mjs";
import { pack } from "./pack.mjs";
import { buildArtifact, buildBindgen, needStdSources, needTarget } from "./wasm.mjs";

const everything = ["browser", "edge", "package", "console", "worker"];

await entry(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((part) => !everything.includes(part));
  if (unknown.length > 0) {
    throw new Problem(`nothing here is called ${unknown.join(", ")}; the parts are ${everything.join(", ")}`);
  }
  const parts = new Set(wanted.length > 0 ? wanted : everything);
  say("zendesk-auth: build");
  await exclusively("build", () => build(parts));
});

/** @param {Set<string>} parts */
async function build(parts) {
  if (parts.has("browser") || parts.has("edge")) {
    await needTarget();
    await needStdSources();
    const bindgen = await step("bindgen", buildBindgen);
    if (parts.has("browser")) await step("browser artifact", () => buildArtifact("browser", bindgen));
    if (parts.has("edge")) await step("edge artifact", () => buildArtifact("edge", bindgen));
  }
  if (parts.has("package")) {
    await step("npm package", pack);
    link();
  }
  if (parts.has("console")) await step("console", buildConsole);
  if (parts.has("worker")) await step("worker", buildWorker);
}

/** The rest of the repository imports the package as its users do: by name, through its exports. */
function link() {
  const place = inRoot("node_modules", "zendesk-auth");
  rmSync(place, { recursive: true, force: true });
  symlinkSync(dist, place, "junction");
}

import { build } from "esbuild";
import { beginAuthorization } from "zendesk-auth";
import { inRoot } from "../lib/paths.mjs";
import { step } from "../lib/step.mjs";
import { ours as callback } from "./callback.mjs";
import { prepare } from "./fixture.mjs";
import { profile } from "./profile.mjs";
import { options } from "./start/options.mjs";

/**
 * Where the time of ours goes in the sections that missed a goal, in Node.
 * @param {Set<string>} missed
 */
export async function profiles(missed) {
  /** @type {Record<string, import("./profile.mjs").Profile>} */
  const found = {};
  if (missed.has("start")) found.start = await step("profile: start", () => profile(() => beginAuthorization(options)));
  if (missed.has("callback")) found.callback = await step("profile: callback", () => profile(callback));
  if (missed.has("worker")) found.worker = await step("profile: worker", handOffs);
  return found;
}

/** The worker's handler in this process, before the same stand-in. */
async function handOffs() {
  const { ours, close } = await prepare();
  try {
    const outfile = inRoot("target", "bench", "fixture", "profiled.mjs");
    const { entryPoint, alias, authorization, body } = ours;
    await build({ entryPoints: [entryPoint], outfile, bundle: true, format: "esm", platform: "node", alias });
    const { default: handler } = await import(outfile);
    const headers = {
      authorization,
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
    };
    return await profile(async () => {
      const request = new Request("https://app.example/oauth/exchange", { method: "POST", headers, body });
      await (await handler.fetch(request)).text();
    });
  } finally {
    close();
  }
}

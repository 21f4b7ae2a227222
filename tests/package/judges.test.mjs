// What others' tools say of the package, and that they would say more if there were more to say.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { dist, inRoot } from "../../scripts/lib/paths.mjs";
import { execIn, spoilt } from "./pack.mjs";

const folder = mkdtempSync(join(tmpdir(), "zendesk-auth-judged-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** @param {string} pkgDir @returns {Promise<(string | undefined)[]>} */
async function publintOn(pkgDir) {
  const { messages, pkg } = await publint({ pkgDir, level: "suggestion", strict: true, pack: "npm" });
  return messages.map((message) => formatMessage(message, pkg ?? {}));
}

/** @param {string} pkgDir @returns {Promise<{ kind: string, entrypoint?: string, resolutionKind?: string }[]>} */
async function attwOn(pkgDir) {
  const { stdout } = await execIn("npm", ["pack", "--json", "--pack-destination", folder], pkgDir);
  const [{ filename }] = JSON.parse(stdout);
  const attw = inRoot("node_modules", "@arethetypeswrong", "cli", "dist", "index.js");
  // It ends before a pipe has taken all that it says, and with an error where it found something.
  const told = join(folder, "told.json");
  const out = openSync(told, "w");
  spawnSync(process.execPath, [attw, "--format", "json", join(folder, filename)], {
    stdio: ["ignore", out, "inherit"],
  });
  closeSync(out);
  const { analysis } = JSON.parse(readFileSync(told, "utf8"));
  assert.ok(Object.keys(analysis.entrypoints).length > 10);
  return analysis.problems;
}

test("publint finds nothing", async () => {
  assert.deepEqual(await publintOn(dist), []);
});

test("are the types wrong? Only that the package is ESM alone, which is meant", async () => {
  const problems = await attwOn(dist);
  assert.deepEqual(
    problems.filter(({ kind }) => kind !== "CJSResolvesToESM"),
    [],
  );
  assert.ok(problems.length > 0, "nothing is said of an ESM-only package: was it judged at all?");
});

test("both find out a package whose types come last, or lead to nothing", async () => {
  const last = spoilt(join(folder, "types-last"), {
    manifest({ exports }) {
      const { types, ...others } = exports["."];
      exports["."] = { ...others, types };
    },
  });
  const nowhere = spoilt(join(folder, "types-nowhere"), {
    manifest({ exports }) {
      exports["./edge"].types = "./edges.d.ts";
    },
  });
  assert.match((await publintOn(last)).join("\n"), /types/);
  assert.match((await publintOn(nowhere)).join("\n"), /edges\.d\.ts/);
  assert.ok((await attwOn(nowhere)).some(({ kind }) => kind !== "CJSResolvesToESM"));
});

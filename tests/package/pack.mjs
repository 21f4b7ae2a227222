import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { dist } from "../../scripts/lib/paths.mjs";

const execute = promisify(execFile);

/**
 * @param {string} program
 * @param {string[]} args
 * @param {string} cwd
 */
export const execIn = (program, args, cwd) => execute(program, args, { cwd, timeout: 60_000 });

/**
 * The tarball as it would be published, installed where nothing else is.
 * @param {string} [from] the folder to pack
 * @returns {Promise<{ folder: string, tarball: string, files: string[], remove: () => void }>}
 */
export async function installed(from = dist) {
  const folder = mkdtempSync(join(tmpdir(), "zendesk-auth-package-"));
  const { stdout } = await execIn("npm", ["pack", "--json", "--pack-destination", folder], from);
  const [packed] = JSON.parse(stdout);
  const tarball = join(folder, packed.filename);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true, type: "module" }));
  await execIn("npm", ["install", "--offline", "--no-audit", "--no-fund", "--no-save", tarball], folder);
  return {
    folder,
    tarball,
    files: packed.files.map((/** @type {{ path: string }} */ file) => file.path).sort(),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

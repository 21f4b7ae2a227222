import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/**
 * A copy of the package with something wrong in it, for what must find that out.
 * @param {string} path of the copy
 * @param {{ manifest?: (manifest: any) => void, files?: Record<string, (text: string) => string | undefined> }} wrong
 *   a file that becomes undefined is missing
 */
export function spoilt(path, { manifest = () => {}, files = {} }) {
  cpSync(dist, path, { recursive: true });
  const description = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
  manifest(description);
  writeFileSync(join(path, "package.json"), JSON.stringify(description));
  for (const [name, change] of Object.entries(files)) {
    const file = join(path, name);
    const before = readFileSync(file, "utf8");
    const after = change(before);
    if (after === before) throw new Error(`${name} was not spoilt`);
    if (after === undefined) rmSync(file);
    else writeFileSync(file, after);
  }
  return path;
}

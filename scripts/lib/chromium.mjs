import { existsSync } from "node:fs";
import { programPath } from "./programs.mjs";
import { Problem, run, step } from "./step.mjs";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const install = "apt-get update && apt-get install -y --no-install-recommends chromium";

/** So that it runs as root, in a container, and asks nobody for anything. */
export const chromiumSwitches = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Where Chromium is: the CHROMIUM environment variable, or the first of its names on the PATH.
 * @returns {string | undefined}
 */
export function chromiumPath() {
  return process.env.CHROMIUM || programPath(names);
}

/** Installs it where that needs no question: as root on Debian. */
export async function needChromium() {
  if (chromiumPath()) return;
  if (!existsSync("/etc/debian_version") || process.getuid?.() !== 0) {
    throw new Problem(
      "the browser tests need Chromium, which was not found. Install it, then run this again:\n\n" +
        `  sudo sh -c "${install}"\n\nor name the program: CHROMIUM=/path/to/chromium npm test`,
    );
  }
  await step("installing Chromium", () => run("sh", ["-c", install], { env: { DEBIAN_FRONTEND: "noninteractive" } }));
}

import { existsSync } from "node:fs";
import { programPath } from "./programs.mjs";
import { Problem, run, step } from "./step.mjs";

const install = "apt-get update && apt-get install -y --no-install-recommends redis-server";

/**
 * Where redis-server is: the REDIS_SERVER environment variable, or the PATH.
 * @returns {string | undefined}
 */
export function redisPath() {
  return process.env.REDIS_SERVER || programPath(["redis-server", "valkey-server"]);
}

/** Installs it where that needs no question: as root on Debian. */
export async function needRedis() {
  if (redisPath()) return;
  if (!existsSync("/etc/debian_version") || process.getuid?.() !== 0) {
    throw new Problem(
      "the tests of stores need redis-server 6.2 or later, which was not found. Install it, then run this again:\n\n" +
        `  sudo sh -c "${install}"\n\nor name the program: REDIS_SERVER=/path/to/redis-server npm test`,
    );
  }
  await step("installing Redis", () => run("sh", ["-c", install], { env: { DEBIAN_FRONTEND: "noninteractive" } }));
}

import { Problem, run, step } from "./step.mjs";

const build = ["build", "--locked", "--profile", "simulation", "--features", "simulation", "--test", "simulation"];

/** Builds the simulation, where it has changed, and names its program. */
export async function simulation() {
  const messages = await step("build the simulation", () => run("cargo", [...build, "--message-format=json"]));
  for (const line of messages.split("\n").filter((line) => line.startsWith("{"))) {
    const { reason, target, executable } = JSON.parse(line);
    if (reason === "compiler-artifact" && target.name === "simulation" && executable) return String(executable);
  }
  throw new Problem("cargo built no simulation");
}

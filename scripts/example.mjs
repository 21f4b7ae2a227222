import { buildAll, installDependencies, portFrom } from "./lib/bootstrap.mjs";
import { entry, Problem, say } from "./lib/step.mjs";
import { stopOnSignal } from "./lib/stop-on-signal.mjs";

const names = ["html", "react", "vue", "svelte"];

await entry(async () => {
  const name = process.argv[2] ?? "";
  if (!names.includes(name)) throw new Problem(`npm run example -- ${names.join("|")}`);
  const port = portFrom("PORT", 8789);
  const workerPort = portFrom("WORKER_PORT", 8787);
  const sandboxPort = portFrom("SANDBOX_PORT", 8788);
  say(`zendesk-auth: the example in ${name}`);
  await installDependencies();
  await buildAll(["browser", "edge", "package"]);

  const { startExample } = await import("./lib/examples.mjs");
  const { PASSWORD, startSandbox } = await import("../www/sandbox/index.js");
  const sandbox = await startSandbox({ port: sandboxPort });
  const example = await startExample(/** @type {any} */ (name), {
    sandbox,
    port,
    workerPort,
    log: (line) => console.log(line),
  });
  say(`
Open

    ${example.url}/

Your subdomain is acme (or globex), which ${sandbox.origin("acme")} stands in for. On Zendesk's page an
administrator is filled in; everybody's password is ${PASSWORD}. Sign in and click Allow. Ctrl-C ends everything.
`);
  stopOnSignal([example.dispose, sandbox.close]);
});

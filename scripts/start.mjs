import { buildAll, installDependencies, portFrom } from "./lib/bootstrap.mjs";
import { inRoot } from "./lib/paths.mjs";
import { tryPort } from "./lib/ports.mjs";
import { entry, Problem, say } from "./lib/step.mjs";
import { stopOnSignal } from "./lib/stop-on-signal.mjs";

const SWEEP_EVERY_MS = 60_000;

await entry(async () => {
  const port = portFrom("PORT", 8787);
  const sandboxPort = portFrom("SANDBOX_PORT", 8788);
  await needPort(port, "PORT", "the worker");
  await needPort(sandboxPort, "SANDBOX_PORT", "the stand-in for Zendesk");
  say("zendesk-auth: start");
  await installDependencies();
  await buildAll();

  const { startWorker } = await import("./lib/local-worker.mjs");
  const { SYSTEM_CLIENT, startSandbox } = await import("../www/sandbox/index.js");
  const { whatToType } = await import("./lib/what-to-type.mjs");
  const url = `http://localhost:${port}`;
  const data = process.env.DATA || inRoot(".data");
  const sandbox = await startSandbox({
    port: sandboxPort,
    redirectUris: [`${url}/oauth/callback`, `${url}/console/callback`],
  });
  const worker = await startWorker({
    port,
    sandboxPort,
    data,
    bindings: { SYSTEM_CLIENT: JSON.stringify(SYSTEM_CLIENT) },
    log: (line) => console.log(line),
  });

  say(`
The console is ready. Open

    ${worker.url}/

${whatToType(sandbox)}

Connections and the keys that seal them are kept in ${data}; the stand-in forgets its tokens when it ends. Remove the
folder to begin anew.

Events of the worker follow, one JSON object a line. Ctrl-C ends everything.
`);
  const sweeping = setInterval(() => worker.sweep().catch((error) => say(String(error))), SWEEP_EVERY_MS);
  stopOnSignal([async () => clearInterval(sweeping), worker.dispose, sandbox.close]);
});

/**
 * @param {number} port
 * @param {string} variable
 * @param {string} whose
 */
async function needPort(port, variable, whose) {
  if ((await tryPort(port)) !== undefined) return;
  throw new Problem(
    `port ${port}, for ${whose}, is taken. End what listens there, or choose another: ${variable}=${port + 10} npm start`,
  );
}

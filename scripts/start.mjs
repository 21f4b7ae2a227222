import { buildAll, installDependencies, portFrom } from "./lib/bootstrap.mjs";
import { inRoot } from "./lib/paths.mjs";
import { tryPort } from "./lib/ports.mjs";
import { entry, Problem, say } from "./lib/step.mjs";

await entry(async () => {
  const port = portFrom("PORT", 8787);
  const sandboxPort = portFrom("SANDBOX_PORT", 8788);
  await needPort(port, "PORT", "the worker");
  await needPort(sandboxPort, "SANDBOX_PORT", "the stand-in for Zendesk");
  say("zendesk-auth: start");
  await installDependencies();
  await buildAll();

  const { startWorker } = await import("./lib/local-worker.mjs");
  const { PASSWORD, SECRETS, startSandbox } = await import("../www/sandbox/index.js");
  const url = `http://localhost:${port}`;
  const data = process.env.DATA || inRoot(".data");
  const sandbox = await startSandbox({
    port: sandboxPort,
    redirectUris: [`${url}/oauth/callback`, `${url}/console/callback`],
  });
  const worker = await startWorker({ port, sandboxPort, data, log: (line) => console.log(line) });

  const admin = sandbox.account("acme").users.find(({ role }) => role === "admin");
  say(`
The console is ready. Open

    ${worker.url}/

and connect an account of the stand-in for Zendesk (${sandbox.origin("acme")}), where all people and secrets are invented:

  1. Fill the OAuth - Custom form:
       Subdomain      acme
       Client id      acme_custom
       Client secret  ${SECRETS.acme_custom}
  2. Click Authorize, sign in as ${admin?.email} with the password ${PASSWORD}, and click Allow.

Connections and the keys that seal them are kept in ${data}; the stand-in forgets its tokens when it ends. Remove the
folder to begin anew.

Events of the worker follow, one JSON object a line. Ctrl-C ends everything.
`);
  stopOnSignal([worker.dispose, sandbox.close]);
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

/** @param {(() => Promise<unknown>)[]} closers */
function stopOnSignal(closers) {
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    say("\nstopping");
    const end = setTimeout(() => process.exit(1), 5_000);
    await Promise.allSettled(closers.map((close) => close()));
    clearTimeout(end);
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    // miniflare listens too, and would end the process with an error code before anything else is closed.
    process.removeAllListeners(signal);
    process.on(signal, stop);
  }
}

import { say } from "./step.mjs";

/** @param {(() => Promise<unknown>)[]} closers */
export function stopOnSignal(closers) {
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

import { runHere } from "./browser.mjs";

addEventListener("message", (event) => {
  const [port] = event.ports;
  // Without it the browser would think that there is nothing left to do.
  /** @type {any} */ (event).waitUntil(runHere().then((results) => port?.postMessage(results)));
});

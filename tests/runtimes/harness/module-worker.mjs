import { runHere } from "./browser.mjs";

postMessage(await runHere());

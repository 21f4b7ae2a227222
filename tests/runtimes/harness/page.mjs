import { runHere } from "./browser.mjs";

Object.assign(globalThis, { runHere });

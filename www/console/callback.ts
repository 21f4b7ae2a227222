import { finishCallback } from "zendesk-auth/connect";
import { mintSession, whoseTab } from "./session.js";

/** Zendesk comes back here with the code, in a popup or by redirect: all there is to do is in the package. */
const { status } = await finishCallback({
  session: () => mintSession(whoseTab()),
  into: document.getElementById("callback"),
});
const way = document.getElementById("way-on");
if (way !== null) way.hidden = status !== "unexpected";

import { FLOWS } from "./support/console-page.mjs";
import { suite } from "./support/suite.mjs";

/** Zendesk's pages may cut the tie to the page that opened them: the window then reads as closed at once. */
const severed = Object.fromEntries(
  FLOWS.flatMap((flow) => [
    [
      `${flow}: the popup seems closed, and the connection comes through all the same`,
      async (/** @type {import("./support/scenario.mjs").Stage} */ { open }) => {
        const console = await open();
        await console.fill();
        await console.choose({ flow });
        const zendesk = await console.authorizeIn();
        await console.seeLooksClosed();
        await zendesk.allow();
        await console.seeConnected();
      },
    ],
  ]),
);

suite({ "under Cross-Origin-Opener-Policy: same-origin": severed }, { openerPolicy: "same-origin" });

import { ZendeskConnect } from "./connect/element.js";
import type { ZendeskConnectElement as Public } from "./connect/public.js";

export { finishCallback } from "./connect/callback-page.js";
export type * from "./connect/public.js";
export type * from "./types.js";

/** What `<zendesk-connect>` is in the DOM. */
export type ZendeskConnectElement = Public;

/** The class of `<zendesk-connect>`, registered by this import where there is a DOM. */
export const ZendeskConnectElement: { new (): Public; prototype: Public } = ZendeskConnect as unknown as {
  new (): Public;
  prototype: Public;
};

// Two copies of the package may meet on a page: the first one serves.
if (globalThis.customElements !== undefined && customElements.get("zendesk-connect") === undefined) {
  customElements.define("zendesk-connect", ZendeskConnect);
}

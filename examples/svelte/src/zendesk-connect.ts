import type { HTMLAttributes } from "svelte/elements";
import type { ZendeskConnectElement, ZendeskConnectEvents } from "zendesk-auth/connect";

type Properties = Partial<
  Pick<ZendeskConnectElement, "worker" | "session" | "flow" | "redirectUri" | "mode" | "returnTo" | "language">
>;
type Listeners = {
  [Type in keyof ZendeskConnectEvents as `on${Type}`]?: (event: CustomEvent<ZendeskConnectEvents[Type]>) => void;
};

type BaseAttributes = HTMLAttributes<ZendeskConnectElement>;

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "zendesk-connect": BaseAttributes & Properties & Listeners;
  }
}

import type { HTMLAttributes } from "vue";
import type { ZendeskConnectElement, ZendeskConnectEvents } from "zendesk-auth/connect";

type Properties = Partial<
  Pick<ZendeskConnectElement, "worker" | "session" | "flow" | "redirectUri" | "mode" | "returnTo" | "language">
>;
// Vue looks `@zendesk-connected` up as `onZendeskConnected`.
type Listeners = {
  [Type in keyof ZendeskConnectEvents as Type extends `zendesk-${infer What}`
    ? `onZendesk${Capitalize<What>}`
    : never]?: (event: CustomEvent<ZendeskConnectEvents[Type]>) => void;
};

declare module "vue" {
  interface GlobalComponents {
    "zendesk-connect": new () => { $props: HTMLAttributes & Properties & Listeners };
  }
}

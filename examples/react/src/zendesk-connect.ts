import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { ZendeskConnectElement, ZendeskConnectEvents } from "zendesk-auth/connect";

type Properties = Partial<
  Pick<ZendeskConnectElement, "worker" | "session" | "flow" | "redirectUri" | "mode" | "returnTo" | "language">
>;
type Listeners = {
  [Type in keyof ZendeskConnectEvents as `on${Type}`]?: (event: CustomEvent<ZendeskConnectEvents[Type]>) => void;
};

type BaseAttributes = DetailedHTMLProps<HTMLAttributes<ZendeskConnectElement>, ZendeskConnectElement>;

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "zendesk-connect": BaseAttributes & Properties & Listeners;
    }
  }
}

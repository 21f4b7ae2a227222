/** How the page on Zendesk's way back talks to the page that waits; an opener may be lost on the way. */
const NAME = "zendesk-auth";

export type Message =
  /** The callback page of the hand-off: the whole URL it was called with. */
  | { type: "zendesk-auth:callback"; url: string }
  /** The waiting page took the callback of this state. */
  | { type: "zendesk-auth:taken"; state: string }
  /** The worker's own callback page: how a worker-held transaction ended. */
  | {
      type: "zendesk-auth";
      transaction: string;
      status: "connected" | "failed";
      connection?: string;
      code?: string;
    };

export interface Channel {
  post(message: Message): void;
  close(): void;
}

export function openChannel(receive: (message: Message) => void): Channel {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = (event: MessageEvent<unknown>) => {
    const data = event.data;
    if (typeof data === "object" && data !== null && "type" in data) receive(data as Message);
  };
  return {
    post: (message) => channel.postMessage(message),
    close: () => channel.close(),
  };
}

/** The `state` of a callback URL, to find out whom it belongs to; checkCallback judges it. Other pages may send anything. */
export function stateOf(url: unknown): string | undefined {
  try {
    return new URL(String(url)).searchParams.get("state") ?? undefined;
  } catch {
    return undefined;
  }
}

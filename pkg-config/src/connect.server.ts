/** `zendesk-auth/connect` where neither a DOM nor bytes of WebAssembly are to be had: nothing to show, nothing to register. */
export const ZendeskConnectElement: undefined = undefined;

export function finishCallback(): Promise<never> {
  return Promise.reject(new Error("finishCallback runs in browsers only"));
}

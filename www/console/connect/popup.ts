const WIDTH = 560;
const HEIGHT = 720;

export interface Popup {
  go(url: string): void;
  looksClosed(): boolean;
  close(): void;
}

/**
 * Must be called inside the click, before anything is awaited, or browsers block it.
 * `waitingPage` is a page of ours that shows while the profile is being saved.
 */
export function openPopup(opener: Window, waitingPage: string): Popup | undefined {
  const left = Math.round(opener.screenX + Math.max(0, (opener.outerWidth - WIDTH) / 2));
  const top = Math.round(opener.screenY + Math.max(0, (opener.outerHeight - HEIGHT) / 3));
  const popup = opener.open(waitingPage, "_blank", `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`);
  if (popup === null) return undefined;
  return {
    go(url) {
      // The window keeps its opener: browsers let nobody else close it on Cancel, and it leads to the account's host only.
      if (!popup.closed) popup.location.replace(url);
    },
    // True as well when Zendesk's opener policy cuts the tie, so only ever a hint.
    looksClosed: () => popup.closed,
    close: () => popup.close(),
  };
}

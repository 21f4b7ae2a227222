const WIDTH = 560;
const HEIGHT = 720;

export interface Popup {
  go(url: string): void;
  looksClosed(): boolean;
  close(): void;
}

/**
 * Must be called inside the click, before anything is awaited, or browsers block it. The window is empty but for `words`
 * until it is known where it goes.
 */
export function openPopup(opener: Window, words: string): Popup | undefined {
  const left = Math.round(opener.screenX + Math.max(0, (opener.outerWidth - WIDTH) / 2));
  const top = Math.round(opener.screenY + Math.max(0, (opener.outerHeight - HEIGHT) / 3));
  const popup = opener.open("", "_blank", `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`);
  if (popup === null) return undefined;
  write(popup, words);
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

function write(popup: Window, words: string): void {
  const { documentElement, body } = popup.document;
  popup.document.title = words;
  documentElement.style.colorScheme = "light dark";
  body.style.font = "1rem/1.5 system-ui, sans-serif";
  body.style.padding = "3rem 1.5rem";
  body.style.textAlign = "center";
  body.textContent = words;
}

import type { Words } from "./words.js";

const WIDTH = 560;
const HEIGHT = 720;

export interface Popup {
  go(url: string): void;
  looksClosed(): boolean;
  close(): void;
}

/**
 * Must be called inside the click, before anything is awaited, or browsers block it. The window says only that Zendesk opens,
 * until it is known where it goes.
 */
export function openPopup(opener: Window, words: Words): Popup | undefined {
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

function write(popup: Window, words: Words): void {
  const { documentElement, body } = popup.document;
  const text = words.text("ui.popup.opening");
  popup.document.title = text;
  documentElement.lang = words.language;
  documentElement.style.colorScheme = "light dark";
  body.style.font = "1rem/1.5 system-ui, sans-serif";
  body.style.padding = "3rem 1.5rem";
  body.style.textAlign = "center";
  const main = popup.document.createElement("main");
  const heading = popup.document.createElement("h1");
  heading.style.font = "inherit";
  heading.textContent = text;
  main.append(heading);
  body.replaceChildren(main);
}

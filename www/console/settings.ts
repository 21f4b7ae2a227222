/** What a page's author chooses with attributes of `<zendesk-connect>`; here, whoever tries it. */
export interface Settings {
  flow: "hand-off" | "worker-held";
  mode: "popup" | "redirect";
  /** Empty: as the browser says. */
  language: string;
}

const KEY = "zendesk-auth-console:settings";
const DEFAULTS: Settings = { flow: "hand-off", mode: "popup", language: "" };

/** A redirect loads the page anew, and should find it as it was. */
export function readSettings(storage: Storage): Settings {
  try {
    return { ...DEFAULTS, ...(JSON.parse(storage.getItem(KEY) ?? "{}") as Partial<Settings>) };
  } catch {
    return DEFAULTS;
  }
}

export function keepSettings(storage: Storage, settings: Settings): void {
  storage.setItem(KEY, JSON.stringify(settings));
}

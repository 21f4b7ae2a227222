import english from "#messages/en";

export const LANGUAGES = ["en", "de", "es", "ja", "pt"] as const;
export type Language = (typeof LANGUAGES)[number];
type Texts = Record<string, string>;
export type Placeholders = Record<string, string | number>;

/** English is at hand at once; the others are fetched when a page needs one. */
const others: Record<Exclude<Language, "en">, () => Promise<{ default: Texts }>> = {
  de: () => import("#messages/de"),
  es: () => import("#messages/es"),
  ja: () => import("#messages/ja"),
  pt: () => import("#messages/pt"),
};

/** The language of a tag such as `de`, `de-CH` or `pt_BR`, whatever its region. */
export function languageOf(tag: string | null | undefined): Language | undefined {
  const primary = tag?.trim().toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === primary);
}

/** What was asked for, else the nearest `lang` that we have, else the browser's, else English. */
export function chooseLanguage(asked: string, element: Element | undefined): Language {
  return languageOf(asked) ?? nearestLanguage(element) ?? firstOf(navigator.languages) ?? "en";
}

function nearestLanguage(element: Element | undefined): Language | undefined {
  for (let node: Node | null | undefined = element; node; ) {
    const language = node instanceof Element ? languageOf(node.getAttribute("lang")) : undefined;
    if (language !== undefined) return language;
    node = node instanceof ShadowRoot ? node.host : node.parentNode;
  }
  return undefined;
}

function firstOf(tags: readonly string[]): Language | undefined {
  for (const tag of tags) {
    const language = languageOf(tag);
    if (language !== undefined) return language;
  }
  return undefined;
}

/** The texts of one language. */
export class Words {
  constructor(
    readonly language: Language,
    private readonly texts: Texts,
  ) {}

  has(key: string): boolean {
    return key in this.texts;
  }

  /** The text of a key with its placeholders filled in; what is filled in is not read again. */
  text(key: string, values: Placeholders = {}): string {
    return fill(this.texts[key] ?? english[key] ?? key, values);
  }

  /** The same in parts: every second one is literal text, to be set as code. */
  parts(key: string, values: Placeholders = {}): string[] {
    return (this.texts[key] ?? english[key] ?? key).split("`").map((part) => fill(part, values));
  }

  /** What an error means. One that no catalogue has speaks for itself. */
  error({ code, message }: { code: string; message: string }): string[] {
    const key = `error.${code}`;
    return this.has(key) ? this.parts(key) : sentence(message).split("`");
  }
}

export const ENGLISH: Words = new Words("en", english);

/** Where a language's file cannot be fetched, English stands in. */
export async function wordsOf(language: Language): Promise<Words> {
  if (language === "en") return ENGLISH;
  try {
    return new Words(language, (await others[language]()).default);
  } catch {
    return ENGLISH;
  }
}

function fill(text: string, values: Placeholders): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The package's messages are lower case and without a full stop, to be put into a sentence. */
export function sentence(message: string): string {
  if (message === "") return "";
  const begun = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

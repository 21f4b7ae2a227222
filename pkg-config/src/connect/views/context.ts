import { html, nothing, type TemplateResult } from "lit";
import type { FormsModel } from "../forms-model.js";
import type { Model } from "../model.js";
import type { SetupModel } from "../setup-model.js";
import type { State } from "../state.js";
import type { Mode } from "../types.js";
import type { Placeholders, Words } from "../words.js";

/** What the views are given. */
export interface Context {
  state: State;
  words: Words;
  model: Model;
  forms: FormsModel;
  setup: SetupModel;
  mode: Mode;
  /** What has to be registered with the OAuth client. */
  callbackUrl: string;
  /** `https://{subdomain}.zendesk.com` */
  accountTemplate: string;
  now: number;
  /** Runs work now, or after the click that is under way. */
  whenReleased: (work: () => void) => void;
}

export type View = TemplateResult | typeof nothing;

/** Text of the catalogue; what stands in backticks is set as code. */
export function prose({ words }: Context, key: string, values?: Placeholders): View[] {
  return code(words.parts(key, values));
}

export function code(parts: string[]): View[] {
  return parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}

export function when(isSo: unknown, view: () => View | View[]): View | View[] {
  return isSo ? view() : nothing;
}

export function spinner(): View {
  return html`<span class="spinner" aria-hidden="true"></span>`;
}

import { type CSSResultGroup, LitElement, type PropertyDeclarations, type TemplateResult, unsafeCSS } from "lit";
import { FormsModel } from "./forms-model.js";
import { type Host, Model, type Settings } from "./model.js";
import { Pressing } from "./pressing.js";
import type { SessionSource, ZendeskConnectEvents } from "./public.js";
import { SetupModel } from "./setup-model.js";
import controls from "./styles/controls.css";
import forms from "./styles/forms.css";
import layout from "./styles/layout.css";
import tokens from "./styles/tokens.css";
import type { Context } from "./views/context.js";
import { rootView } from "./views/root.js";
import { chooseLanguage, ENGLISH, type Words, wordsOf } from "./words.js";

const CLOCK_EVERY_MS = 15_000;

/** `<zendesk-connect>`: joins the model to the page. Its public face is in public.ts. */
export class ZendeskConnect extends LitElement {
  static override readonly properties: PropertyDeclarations = {
    worker: {},
    session: {},
    flow: {},
    redirectUri: { attribute: "redirect-uri" },
    mode: {},
    returnTo: { attribute: "return-to" },
    language: {},
  };
  static override readonly styles: CSSResultGroup = [tokens, layout, controls, forms].map(unsafeCSS);

  declare worker: string;
  declare session: SessionSource | null | undefined;
  declare flow: "worker-held" | "hand-off" | "";
  declare redirectUri: string;
  declare mode: "popup" | "redirect";
  declare returnTo: string;
  declare language: string;

  readonly #model: Model;
  readonly #forms: FormsModel;
  readonly #setup: SetupModel;
  readonly #pressing = new Pressing();
  #words: Words = ENGLISH;
  #leaving: AbortController | undefined;
  #focus: string | undefined;

  constructor() {
    super();
    this.worker = "";
    this.session = undefined;
    this.flow = "";
    this.redirectUri = "";
    this.mode = "popup";
    this.returnTo = "";
    this.language = "";
    this.#model = new Model(this.#host());
    this.#forms = new FormsModel(this.#model);
    this.#setup = new SetupModel(this.#model, this.#forms);
    this.#model.onLoaded = () => (this.#model.isAdmin ? this.#setup.opened() : this.#userLoaded());
    this.#model.onParted = () => (this.#model.isAdmin ? this.#setup.opened() : this.#userLoaded());
    this.#model.onArrived = () => this.#model.update({ view: "overview" });
  }

  /** Asks the worker again. */
  reload(): Promise<void> {
    return this.session === null ? Promise.resolve() : this.#model.load();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Moved within the page: nothing has to be done again.
    if (this.#leaving?.signal.aborted === false) return;
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.#pressing.listen(signal);
    const stopListening = this.#model.listen();
    const clock = setInterval(() => this.requestUpdate(), CLOCK_EVERY_MS);
    const lang = new MutationObserver(() => this.#chooseWords());
    lang.observe(document.documentElement, { attributeFilter: ["lang"] });
    addEventListener("pageshow", (event) => event.persisted && this.#model.cameBackWithoutAnswer(), { signal });
    signal.addEventListener("abort", () => {
      stopListening();
      clearInterval(clock);
      lang.disconnect();
      this.#model.stop();
    });
    this.#chooseWords();
    // Once the page has had its turn to set the properties.
    if (this.hasUpdated) void this.reload();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    queueMicrotask(() => {
      if (!this.isConnected) this.#leaving?.abort();
    });
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("language")) this.#chooseWords();
    if ((!this.hasUpdated || this.#isForOther(changed)) && this.session !== null) void this.#model.load();
  }

  /** A function in the place of another only says anew how to ask: frameworks make one at each render. */
  #isForOther(changed: Map<PropertyKey, unknown>): boolean {
    const isFunctionStill = typeof this.session === "function" && typeof changed.get("session") === "function";
    return changed.has("worker") || (changed.has("session") && !isFunctionStill);
  }

  override render(): TemplateResult {
    return rootView(this.#context());
  }

  override updated(): void {
    const id = this.#focus;
    if (id === undefined) return;
    const target = this.renderRoot.querySelector<HTMLElement>(`#${CSS.escape(id)}`);
    if (target === null) return;
    this.#focus = undefined;
    target.focus();
  }

  #userLoaded(): void {
    const { connections, form } = this.#model.state;
    if (connections.length === 0 || form !== undefined) this.#forms.openForUser();
  }

  #chooseWords(): void {
    const language = chooseLanguage(this.language, this);
    if (language === this.#words.language) return;
    void wordsOf(language).then((words) => {
      if (language !== chooseLanguage(this.language, this)) return;
      this.#words = words;
      this.requestUpdate();
    });
  }

  #host(): Host {
    return {
      settings: () => this.#settings(),
      words: () => this.#words,
      changed: () => this.requestUpdate(),
      focus: (id) => {
        this.#focus = id;
        this.requestUpdate();
      },
      tell: <K extends keyof ZendeskConnectEvents>(type: K, detail: ZendeskConnectEvents[K]) => {
        this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
      },
    };
  }

  #settings(): Settings {
    const worker = absolute(this.worker || location.origin).replace(/\/+$/, "");
    const redirectUri = this.redirectUri && absolute(this.redirectUri);
    return {
      worker,
      session: this.session ?? undefined,
      flow: this.flow || (redirectUri === "" ? "worker-held" : "hand-off"),
      mode: this.mode === "redirect" ? "redirect" : "popup",
      redirectUri,
      returnTo: absolute(this.returnTo || withoutFragment(location.href)),
    };
  }

  #context(): Context {
    const { flow, mode, redirectUri } = this.#settings();
    const { state, accountTemplate } = this.#model;
    return {
      state,
      words: this.#words,
      model: this.#model,
      forms: this.#forms,
      setup: this.#setup,
      mode,
      callbackUrl: flow === "hand-off" ? redirectUri : (state.whose?.callbackUrl ?? ""),
      accountTemplate,
      now: Date.now(),
      whenReleased: (work) => this.#pressing.whenReleased(work),
    };
  }
}

/** What is no URL is left as it is: whoever is asked for it says so. */
function absolute(url: string): string {
  try {
    return new URL(url, document.baseURI).href;
  } catch {
    return url;
  }
}

function withoutFragment(url: string): string {
  return url.replace(/#.*$/, "");
}

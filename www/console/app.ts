import { render } from "lit";
import { Api } from "./api.js";
import { Links } from "./links.js";
import { sentenceOf } from "./problem.js";
import { keepSettings, readSettings, type Settings } from "./settings.js";
import { initialState, type State, VIEWS, type View } from "./state.js";
import type { Integration } from "./types.js";
import { Users } from "./users.js";
import { page } from "./views/page.js";

/** Joins `<zendesk-connect>`, the users' connections and the authorization links to one page. */
export class App {
  readonly state: State = initialState(readSettings(localStorage));
  readonly api = new Api();
  readonly users = new Users(this);
  readonly links = new Links(this);
  readonly #root: HTMLElement;
  #isRendering = false;
  #isStale = false;

  constructor(root: HTMLElement) {
    this.#root = root;
    root.replaceChildren();
  }

  start(): void {
    this.#show();
    addEventListener("hashchange", () => this.#show());
    this.users.watch();
    void this.#load();
  }

  async #load(): Promise<void> {
    try {
      const [session, integration] = await Promise.all([this.api.session(), this.api.integration()]);
      this.update({ session, integration, trouble: undefined });
    } catch (failure) {
      this.update({ trouble: sentenceOf(failure) });
    }
  }

  update(change: Partial<State>): void {
    Object.assign(this.state, change);
    this.#isStale = true;
    // Taking the focused input out of the page makes it say that it was left, in the middle of rendering.
    if (this.#isRendering) return;
    this.#isRendering = true;
    while (this.#isStale) {
      this.#isStale = false;
      render(page(this), this.#root);
    }
    this.#isRendering = false;
  }

  choose(change: Partial<Settings>): void {
    const settings = { ...this.state.settings, ...change };
    keepSettings(localStorage, settings);
    this.update({ settings });
  }

  /** Told by the component, which has its own way to try again. */
  integrationChanged(integration: Integration): void {
    this.update({ integration });
    if (this.state.session === undefined) void this.#load();
    void this.users.refresh();
  }

  #show(): void {
    const view = viewIn(location.hash);
    this.update({ view });
    document.title = `${VIEWS[view]} · Connect Zendesk`;
    if (view === "users") void this.users.refresh();
  }
}

function viewIn(hash: string): View {
  const name = hash.slice(1);
  return name in VIEWS ? (name as View) : "integration";
}

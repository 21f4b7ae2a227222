import { render } from "lit";
import { Api, mintConsoleSession } from "./connect/api.js";
import { type Authorization, type AuthorizationEvent, advance, IDLE } from "./connect/authorization.js";
import { authorize, type Running, resume, type Surroundings } from "./connect/authorize.js";
import { openChannel } from "./connect/channel.js";
import { allShownProblems, blankForm, bodyOf, formOf, hasSavedSecret, judge } from "./connect/form.js";
import { adviceFor } from "./connect/messages.js";
import { type Outcome, type Pending, PendingStore } from "./connect/pending.js";
import { openPopup } from "./connect/popup.js";
import { type Trouble, troubleFrom } from "./connect/trouble.js";
import type { Connection, Profile } from "./connect/types.js";
import { contextOf } from "./context.js";
import { initialState, newestFirst, type State, upsert, ZENDESK } from "./state.js";
import { page } from "./views/page.js";

const CALLBACK_PAGE = "/console/callback";
const RETURNED = "zendesk_auth_transaction";
const CLOCK_EVERY_MS = 15_000;

/** Joins the forms and flows of `connect/` to the page. */
export class App {
  readonly state: State = initialState();
  readonly #root: HTMLElement;
  readonly #api = new Api({ baseUrl: location.origin, mintSession: () => mintConsoleSession("/console/session") });
  readonly #pending = new PendingStore(sessionStorage);
  #running: Running | undefined;
  #run = 0;
  #isRendering = false;
  #isStale = false;

  constructor(root: HTMLElement) {
    this.#root = root;
    root.replaceChildren();
  }

  async start(): Promise<void> {
    const returned = takeReturned();
    this.update({});
    try {
      await this.#load();
      this.#goOn(returned);
    } catch (failure) {
      this.update({ loading: false, loadTrouble: troubleFrom(failure) });
    }
    openChannel((message) => {
      // A connection that was made elsewhere, or after Cancel, shows here too.
      if (message.type === "zendesk-auth" && message.status === "connected") void this.#refreshConnections();
    });
    setInterval(() => this.state.showsConnections && this.update({}), CLOCK_EVERY_MS);
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.#cameBackWithoutAnswer();
    });
  }

  update(change: Partial<State>): void {
    Object.assign(this.state, change);
    this.#isStale = true;
    // Taking the focused input out of the page makes it say that it was left, in the middle of rendering.
    if (this.#isRendering) return;
    this.#isRendering = true;
    while (this.#isStale) {
      this.#isStale = false;
      render(page(contextOf(this)), this.#root);
    }
    this.#isRendering = false;
  }

  redirectUri(): string {
    return this.state.flow === "hand-off" ? location.origin + CALLBACK_PAGE : `${location.origin}/oauth/callback`;
  }

  /** From the form: saves what it holds, then authorizes. Must run inside the click. */
  submit(): void {
    const form = { ...this.state.form, submitted: true, fromServer: [] };
    const { problems } = judge(form, this.state.accountTemplate);
    this.update({ form, authorization: IDLE });
    if (problems.length > 0) this.#showProblems();
    else this.#authorize(() => this.#saveProfile());
  }

  /** From a connection: its profile is saved already. */
  authorizeAgain(connection: Connection): void {
    const profile = this.state.profiles.find((each) => each.id === connection.profile);
    if (profile === undefined) {
      this.startOver();
    } else {
      this.update({ form: formOf(profile), authorization: IDLE });
      this.#authorize(() => Promise.resolve(profile));
    }
  }

  tryAgain(): void {
    this.cancel();
    this.submit();
  }

  cancel(): void {
    this.#running?.cancel();
    this.#pending.drop();
    this.#advance({ type: "cancelled" });
    this.#run += 1;
  }

  startOver(): void {
    this.selectProfile("");
    this.update({ showsConnections: false, fresh: undefined, authorization: IDLE });
    document.getElementById("field-name")?.focus();
  }

  selectProfile(id: string): void {
    const profile = this.state.profiles.find((each) => each.id === id);
    const form = profile === undefined ? blankForm(this.state.accountTemplate) : formOf(profile);
    this.update({ form, secretShown: false, authorization: IDLE });
  }

  #authorize(saveProfile: () => Promise<Profile>): void {
    const { flow, mode } = this.state;
    this.#running = authorize({ flow, mode, saveProfile }, this.#surroundings(), this.#emitter());
  }

  async #saveProfile(): Promise<Profile> {
    const { form, accountTemplate, profiles } = this.state;
    const body = bodyOf(judge(form, accountTemplate));
    const profile = await this.#api.saveProfile(body, form.profile?.id);
    // The typed secret is gone from the page as soon as the worker has it.
    this.update({ form: formOf(profile), profiles: upsert(profiles, profile), secretShown: false });
    return profile;
  }

  async #load(): Promise<void> {
    const session = await this.#api.session();
    const accountTemplate = session.accountTemplate ?? ZENDESK;
    const [profiles, connections] = await Promise.all([this.#api.profiles(), this.#api.connections()]);
    const [latest, ...others] = newestFirst(profiles);
    this.update({
      loading: false,
      accountTemplate,
      profiles: latest === undefined ? [] : [latest, ...others],
      connections: newestFirst(connections),
      showsConnections: connections.length > 0,
      form: latest === undefined ? blankForm(accountTemplate) : formOf(latest),
    });
  }

  async #refreshConnections(): Promise<void> {
    const connections = await this.#api.connections().catch(() => this.state.connections);
    this.update({ connections: newestFirst(connections) });
  }

  /** After a reload, or back from Zendesk: what was under way goes on, or its end is told. */
  #goOn(returned: string | undefined): void {
    const outcome = this.#pending.takeOutcome();
    const pending = this.#pending.peek();
    if (outcome !== undefined) this.#tell(outcome);
    else if (pending !== undefined) this.#pickUp(pending, returned);
  }

  #pickUp(pending: Pending, returned: string | undefined): void {
    this.selectProfile(pending.profile);
    this.update({ flow: pending.flow, mode: pending.mode });
    if (pending.mode === "popup" || (pending.flow === "worker-held" && pending.id === returned)) {
      this.#running = resume(pending, this.#surroundings(), this.#emitter());
    } else if (returned !== undefined) {
      this.#pending.drop();
      this.#fail({ code: "callback_state_mismatch", message: "" });
    } else {
      this.#cameBackWithoutAnswer();
    }
  }

  #tell(outcome: Outcome): void {
    this.selectProfile(outcome.profile);
    this.update({ flow: outcome.flow, mode: "redirect" });
    if (outcome.status === "failed") {
      this.#fail(outcome.trouble);
      return;
    }
    const connection = this.state.connections.find((each) => each.id === outcome.connection);
    if (connection !== undefined) this.#arrive(connection);
  }

  /** By the browser's back button, most likely. */
  #cameBackWithoutAnswer(): void {
    this.#pending.drop();
    const { phase } = this.state.authorization;
    if (phase !== "idle" && phase !== "leaving") return;
    this.update({ authorization: { phase: "cancelled" }, showsConnections: false });
    focus("notice-title");
  }

  #surroundings(): Surroundings {
    const { accountTemplate } = this.state;
    return {
      settings: {
        api: this.#api,
        handOffRedirectUri: location.origin + CALLBACK_PAGE,
        returnTo: `${location.origin}/`,
        accountTemplate,
      },
      pending: this.#pending,
      openWindow: () => openPopup(window, CALLBACK_PAGE),
      leaveFor: (url) => location.assign(url),
    };
  }

  /** Events of an authorization that is no longer on the screen are dropped. */
  #emitter(): (event: AuthorizationEvent) => void {
    this.#run += 1;
    const run = this.#run;
    return (event) => {
      if (run === this.#run) this.#advance(event);
    };
  }

  #advance(event: AuthorizationEvent): void {
    const before = this.state.authorization;
    const authorization = advance(before, event);
    if (authorization === before) return;
    if (authorization.phase === "connected") this.#arrive(authorization.connection);
    else if (authorization.phase === "failed") this.#fail(authorization.trouble);
    else this.#proceed(before, authorization);
  }

  #proceed(before: Authorization, authorization: Authorization): void {
    const leavesList = authorization.phase === "cancelled" || authorization.phase === "blocked";
    this.update({ authorization, ...(leavesList && { showsConnections: this.state.fresh !== undefined }) });
    if (authorization.phase === before.phase) return;
    focus(leavesList ? "notice-title" : "progress-title");
  }

  #arrive(connection: Connection): void {
    this.update({
      authorization: { phase: "connected", connection },
      connections: upsert(this.state.connections, connection),
      fresh: connection,
      showsConnections: true,
    });
    focus("connected-title");
  }

  #fail(trouble: Trouble): void {
    const form = this.state.form;
    if (trouble.code === "form_invalid" && trouble.problems !== undefined) {
      const withProblems = { ...form, submitted: true, fromServer: trouble.problems };
      this.update({ authorization: IDLE, showsConnections: false, form: withProblems });
      this.#showProblems();
      return;
    }
    const { field, title } = adviceFor(trouble);
    const fromServer = field === undefined ? [] : [{ field, code: trouble.code, message: title }];
    const replaceSecret = field === "clientSecret" && hasSavedSecret(form);
    this.update({
      authorization: { phase: "failed", trouble },
      showsConnections: false,
      form: { ...form, fromServer, replaceSecret },
    });
    focus("notice-title");
  }

  #showProblems(): void {
    const { form, accountTemplate } = this.state;
    const problems = allShownProblems(form, judge(form, accountTemplate));
    if (problems.some(({ field }) => field.endsWith("Url"))) this.update({ advancedOpen: true });
    focus("problem-summary");
  }
}

/** Reads the mark of a finished redirect and takes it out of the address. */
function takeReturned(): string | undefined {
  const url = new URL(location.href);
  const returned = url.searchParams.get(RETURNED) ?? undefined;
  if (returned === undefined) return undefined;
  url.searchParams.delete(RETURNED);
  history.replaceState(null, "", url);
  return returned;
}

function focus(id: string): void {
  document.getElementById(id)?.focus();
}

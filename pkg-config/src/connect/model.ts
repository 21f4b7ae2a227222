import { adviceFor, fieldOf } from "./advice.js";
import { Api, ownerOf } from "./api.js";
import { type AuthorizationEvent, advance, IDLE, isUnderWay } from "./authorization.js";
import { authorize, type Emit, type Running, resume, type Surroundings } from "./authorize.js";
import { openChannel } from "./channel.js";
import { type FormState, hasSavedSecret, withoutSecrets } from "./form.js";
import { type Outcome, type Pending, PendingStore, sessionStore } from "./pending.js";
import { openPopup } from "./popup.js";
import type { SessionSource, ZendeskConnectEvents } from "./public.js";
import { returnedTransaction } from "./returned.js";
import { initialState, isOpenToUsers, newestFirst, type State, upsert } from "./state.js";
import { type Trouble, troubleFrom } from "./trouble.js";
import type { Connection, Flow, Integration, Mode, Target } from "./types.js";
import type { Words } from "./words.js";

/** What the element's attributes and properties say. */
export interface Settings {
  worker: string;
  session: SessionSource | undefined;
  flow: Flow;
  mode: Mode;
  redirectUri: string;
  returnTo: string;
}

/** What the element lends the model. */
export interface Host {
  settings(): Settings;
  words(): Words;
  changed(): void;
  focus(id: string): void;
  tell<K extends keyof ZendeskConnectEvents>(type: K, detail: ZendeskConnectEvents[K]): void;
}

/** What the element knows and does, whoever it is for: loads, authorizes, disconnects. */
export class Model {
  state: State = initialState();
  readonly host: Host;
  api: Api;
  readonly #pending = new PendingStore(sessionStore());
  #running: Running | undefined;
  #run = 0;
  #load = 0;
  #mode: Mode | undefined;
  #hasGoneOn = false;

  constructor(host: Host) {
    this.host = host;
    this.api = this.#newApi();
  }

  #newApi(): Api {
    return new Api({ worker: this.host.settings().worker, session: () => this.host.settings().session });
  }

  get isAdmin(): boolean {
    return this.state.whose?.role === "admin";
  }

  get accountTemplate(): string {
    return this.state.whose?.accountTemplate ?? "https://{subdomain}.zendesk.com";
  }

  update(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.host.changed();
  }

  say(key: string, values: Record<string, string> = {}): void {
    this.update({ announcement: this.host.words().text(key, values) });
  }

  /** Asks the worker for everything, as whoever the session is for now. What is being typed stays. */
  async load(): Promise<void> {
    this.#load += 1;
    const load = this.#load;
    this.api = this.#newApi();
    const returned = returnedTransaction();
    if (this.state.phase !== "ready") this.update({ phase: "loading", loadTrouble: undefined });
    try {
      const whose = await this.api.whose();
      const integration = await this.api.integration();
      const isAdmin = whose.role === "admin";
      const [profiles, connections] = await Promise.all([
        isAdmin ? this.api.profiles() : this.#profileForUsers(integration),
        this.api.connections(),
      ]);
      const own = isAdmin ? await this.#ofIntegration(connections, integration) : connections;
      if (load !== this.#load) return;
      if (this.state.whose !== undefined && ownerOf(this.state.whose) !== ownerOf(whose)) this.#startAfresh();
      this.update({ phase: "ready", whose, profiles: newestFirst(profiles), connections: newestFirst(own) });
      this.setIntegration(integration);
      this.onLoaded();
      this.#goOn(returned);
    } catch (failure) {
      if (load !== this.#load) return;
      const trouble = troubleFrom(failure);
      // What is on the page and may be half typed stays there.
      this.update(this.state.phase === "ready" ? { trouble } : { phase: "failed", loadTrouble: trouble });
      this.#tellFailure(trouble);
    }
  }

  /** For another person: nothing of the one before stays or goes on. */
  #startAfresh(): void {
    this.#end();
    this.state = initialState();
  }

  /** Of a long list only the beginning was read, and the one that counts may stand further on. */
  async #ofIntegration(connections: Connection[], { connection: id }: Integration): Promise<Connection[]> {
    const own = connections.filter(({ subject }) => subject === "integration");
    if (id === null || own.some((connection) => connection.id === id)) return own;
    return [...own, await this.api.connection(id)];
  }

  /** From a page that could not be loaded. */
  async retry(): Promise<void> {
    await this.load();
    this.host.focus(this.state.phase === "failed" ? "notice-title" : "content");
  }

  async #profileForUsers(integration: Integration): Promise<State["profiles"]> {
    if (!isOpenToUsers(integration) || integration.profile === null) return [];
    return [await this.api.profile(integration.profile)];
  }

  setIntegration(integration: Integration): void {
    const hasChanged = JSON.stringify(integration) !== JSON.stringify(this.state.integration);
    this.update({ integration });
    if (hasChanged) this.host.tell("zendesk-integration", { integration });
  }

  /** Begins an authorization; must run inside the click. */
  authorize(prepare: () => Promise<Target>, mode?: Mode): void {
    this.update({ running: IDLE, trouble: undefined, farewell: undefined });
    this.#mode = mode ?? this.host.settings().mode;
    this.#prepare = prepare;
    this.#running = authorize(prepare, this.#surroundings(), this.#emitter());
  }

  #prepare: (() => Promise<Target>) | undefined;

  /** Once more, in a window or in this tab. What was saved is not saved twice. */
  again(mode?: Mode): void {
    const prepare = this.#prepare;
    if (prepare === undefined) return;
    this.#running?.cancel();
    this.#advance({ type: "cancelled" });
    this.authorize(prepare, mode);
  }

  get canTryAgain(): boolean {
    return this.#prepare !== undefined;
  }

  /** Basic: the worker asks Zendesk, then keeps the API token. */
  async connectBasic(work: () => Promise<Connection>): Promise<void> {
    this.update({ running: IDLE, trouble: undefined, farewell: undefined });
    this.#prepare = undefined;
    const emit = this.#emitter();
    emit({ type: "checking" });
    try {
      emit({ type: "connected", connection: await work() });
    } catch (failure) {
      emit({ type: "failed", trouble: troubleFrom(failure) });
    }
  }

  cancel(): void {
    this.#running?.cancel();
    this.#pending.drop();
    this.#advance({ type: "cancelled" });
    this.#run += 1;
  }

  /** The element leaves the page: nothing typed stays, nothing goes on. A redirect's pending authorization does. */
  stop(): void {
    this.#load += 1;
    this.#end();
    const { form } = this.state;
    this.state = { ...this.state, running: IDLE, form: form && withoutSecrets(form) };
  }

  #end(): void {
    if (this.state.running.phase !== "leaving") {
      this.#running?.cancel();
      if (isUnderWay(this.state.running)) this.#pending.drop();
    }
    this.#run += 1;
    this.#prepare = undefined;
  }

  dismiss(): void {
    this.update({ running: IDLE, trouble: undefined, farewell: undefined });
  }

  askToPart(id: string): void {
    this.update({ parting: { id, busy: false }, trouble: undefined, farewell: undefined });
    this.host.focus("part-confirm");
  }

  keep(): void {
    const id = this.state.parting?.id;
    this.update({ parting: undefined });
    if (id !== undefined) this.host.focus(`part-${id}`);
  }

  async disconnect(): Promise<void> {
    const { parting, connections } = this.state;
    const connection = connections.find(({ id }) => id === parting?.id);
    if (connection === undefined || parting?.busy) return;
    this.update({ parting: { id: connection.id, busy: true } });
    try {
      const revoked = await this.api.disconnect(connection.id);
      this.update({
        parting: undefined,
        connections: this.state.connections.filter(({ id }) => id !== connection.id),
        farewell: { connection, revoked },
        running: IDLE,
      });
      this.host.tell("zendesk-disconnected", { connection: connection.id, revoked });
      await this.refreshIntegration();
      this.onParted();
      this.host.focus("farewell-title");
    } catch (failure) {
      this.update({ parting: undefined });
      this.showTrouble(troubleFrom(failure));
    }
  }

  /** What else happens after each of these; the forms have more to do. */
  onLoaded: () => void = () => {};
  onParted: () => void = () => {};
  onArrived: () => void = () => {};

  /** What has happened has happened, also where the integration cannot be asked for just now. */
  async refreshIntegration(): Promise<void> {
    const integration = await this.api.integration().catch(() => undefined);
    if (integration !== undefined) this.setIntegration(integration);
  }

  showTrouble(trouble: Trouble): void {
    if (this.#showInForm(trouble)) return;
    this.update({ trouble, busy: false });
    this.#tellFailure(trouble);
    this.host.focus("notice-title");
  }

  /** After a reload, or back from Zendesk: what was under way goes on, or its end is told. */
  #goOn(returned: string | undefined): void {
    const { whose } = this.state;
    if (whose === undefined || isUnderWay(this.state.running)) return;
    const owner = ownerOf(whose);
    const outcome = this.#pending.takeOutcome(this.api.worker, owner);
    const pending = this.#pending.peek();
    if (outcome !== undefined) void this.#tellOutcome(outcome);
    else if (pending?.worker === this.api.worker && pending.owner === owner) this.#pickUp(pending, returned);
    // Begun as somebody else. Said once: the mark is remembered as long as the page.
    else if (pending !== undefined && returned !== undefined && !this.#hasGoneOn)
      this.#fail({ code: "callback_state_mismatch", message: "" });
    this.#hasGoneOn = true;
  }

  #pickUp(pending: Pending, returned: string | undefined): void {
    this.#mode = pending.mode;
    if (pending.mode === "popup" || (pending.flow === "worker-held" && pending.id === returned)) {
      this.#running = resume(pending, this.#surroundings(), this.#emitter());
    } else if (returned !== undefined) {
      this.#pending.drop();
      this.#fail({ code: "callback_state_mismatch", message: "" });
    } else {
      this.cameBackWithoutAnswer();
    }
  }

  async #tellOutcome(outcome: Outcome): Promise<void> {
    if (outcome.status === "failed") return this.#fail(outcome.trouble);
    const known = this.state.connections.find(({ id }) => id === outcome.connection);
    await this.#arrive(known ?? (await this.api.connection(outcome.connection)));
  }

  /** By the browser's back button, most likely. */
  cameBackWithoutAnswer(): void {
    this.#pending.drop();
    const { phase } = this.state.running;
    if (phase !== "idle" && phase !== "leaving") return;
    this.update({ running: { phase: "cancelled" } });
    this.host.focus("notice-title");
  }

  /** A connection that was made in another tab, or after Cancel, shows here too. */
  listen(): () => void {
    const channel = openChannel((message) => {
      if (message.type !== "zendesk-auth" || message.status !== "connected") return;
      const { phase, running } = this.state;
      const isKnown = running.phase === "connected" && running.connection.id === message.connection;
      if (phase === "ready" && !isUnderWay(running) && !isKnown) void this.load();
    });
    return () => channel.close();
  }

  #surroundings(): Surroundings {
    const { flow, redirectUri, returnTo } = this.host.settings();
    return {
      settings: { api: this.api, flow, mode: this.#mode ?? "popup", redirectUri, returnTo },
      pending: this.#pending,
      openWindow: () => openPopup(window, this.host.words()),
      leaveFor: (url) => location.assign(url),
    };
  }

  /** Events of an authorization that is no longer on the screen are dropped. */
  #emitter(): Emit {
    this.#run += 1;
    const run = this.#run;
    return (event) => {
      if (run === this.#run) this.#advance(event);
    };
  }

  #advance(event: AuthorizationEvent): void {
    const before = this.state.running;
    const running = advance(before, event);
    if (running === before) return;
    if (running.phase === "connected") {
      void this.#arrive(running.connection);
    } else if (running.phase === "failed") {
      this.#fail(running.trouble);
    } else {
      this.update({ running });
      if (running.phase === before.phase) return;
      const isOver = running.phase === "cancelled" || running.phase === "blocked";
      this.host.focus(isOver ? "notice-title" : "progress-title");
    }
  }

  async #arrive(connection: Connection): Promise<void> {
    const { subdomain } = connection;
    this.#prepare = undefined;
    this.update({
      running: { phase: "connected", connection },
      connections: upsert(this.state.connections, connection),
      form: undefined,
    });
    this.host.tell("zendesk-connected", { connection });
    if (this.isAdmin) await this.refreshIntegration();
    this.onArrived();
    this.say("ui.connected.title", { account: subdomain });
    this.host.focus(`connected-${connection.id}`);
  }

  #fail(trouble: Trouble): void {
    if (this.#showInForm(trouble)) return;
    const { form } = this.state;
    this.update({ running: { phase: "failed", trouble }, ...(form && { form: marked(form, trouble) }) });
    this.#tellFailure(trouble);
    this.host.focus("notice-title");
  }

  /** Problems of single fields belong at the fields. */
  #showInForm(trouble: Trouble): boolean {
    const { form } = this.state;
    if (form === undefined || trouble.code !== "form_invalid" || trouble.problems === undefined) return false;
    const fromServer = trouble.problems;
    this.update({ running: IDLE, busy: false, form: { ...form, submitted: true, fromServer } });
    this.#tellFailure(trouble);
    this.host.focus("problem-summary");
    return true;
  }

  #tellFailure(trouble: Trouble): void {
    const { text } = adviceFor(trouble, this.host.words());
    this.host.tell("zendesk-failed", { code: trouble.code, message: text.join("") });
  }
}

/** The form with the field marked that most likely has to change. */
export function marked(form: FormState, trouble: Trouble): FormState {
  const field = fieldOf(trouble);
  if (field === undefined || !(field in form.values)) return form;
  const fromServer = [{ field, code: trouble.code, message: trouble.message }];
  return { ...form, fromServer, replaceSecret: field === "clientSecret" && hasSavedSecret(form) };
}

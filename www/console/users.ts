import type { App } from "./app.js";
import { sentenceOf } from "./problem.js";
import type { Connection, Revoked } from "./types.js";

const REFRESH_EVERY_MS = 5_000;

const ENDED: Record<Revoked, string> = {
  confirmed: "Zendesk takes the token no longer.",
  unconfirmed:
    "Zendesk did not confirm that the token is revoked, so it may still work: revoke it in Admin Center under Apps and integrations > APIs > OAuth clients.",
  "not-applicable": "The API token itself belongs to the account and still works.",
};

/** The users' connections, as an admin sees them. */
export class Users {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  /** They connect elsewhere, at any time. */
  watch(): void {
    new BroadcastChannel("zendesk-auth").onmessage = () => void this.refresh();
    setInterval(() => this.#isSeen() && void this.refresh(), REFRESH_EVERY_MS);
    addEventListener("focus", () => this.#isSeen() && void this.refresh());
  }

  async refresh(): Promise<void> {
    try {
      const all = (await this.#app.api.connections()).sort(newestFirst);
      const stopping = all.filter(({ stopsOn }) => stopsOn !== null);
      this.#app.update({ connections: all.filter(isOfUser), stopping, usersTrouble: undefined });
    } catch (failure) {
      this.#app.update({ usersTrouble: sentenceOf(failure) });
    }
  }

  ask(connection: Connection): void {
    this.#app.update({ ending: connection, ended: undefined });
    dialog()?.showModal();
  }

  close(): void {
    dialog()?.close();
  }

  /** However the dialog was closed. */
  closed(): void {
    this.#app.update({ ending: undefined });
  }

  async end(connection: Connection): Promise<void> {
    this.close();
    try {
      const { revoked } = await this.#app.api.disconnect(connection.id);
      this.#tell(`${subjectOf(connection)} is disconnected from ${connection.subdomain}. ${ENDED[revoked]}`);
    } catch (failure) {
      this.#tell(`${subjectOf(connection)} could not be disconnected. ${sentenceOf(failure)}`);
    }
    await this.refresh();
  }

  #tell(ended: string): void {
    this.#app.update({ ended });
    document.getElementById("users-title")?.focus();
  }

  #isSeen(): boolean {
    return this.#app.state.view === "users" && document.visibilityState === "visible";
  }
}

function dialog(): HTMLDialogElement | null {
  return document.querySelector("dialog#ending");
}

export function subjectOf({ subject }: Connection): string {
  return subject.replace(/^user:/, "");
}

function isOfUser({ subject }: Connection): boolean {
  return subject.startsWith("user:");
}

function newestFirst(one: Connection, other: Connection): number {
  return Date.parse(other.updatedAt) - Date.parse(one.updatedAt);
}

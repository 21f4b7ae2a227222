import type { App } from "./app.js";
import { Problem, sentenceOf } from "./problem.js";
import { BLANK, type LinkField, type LinkForm, type MadeLink } from "./state.js";
import type { Link, LinkRequest } from "./types.js";

const ASK_EVERY_MS = 2_000;
const COPIED_FOR_MS = 2_500;

/** Makes authorization links, and asks how they fare. */
export class Links {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
    setInterval(() => void this.#askAll(), ASK_EVERY_MS);
  }

  edit(field: LinkField, value: string): void {
    const { form } = this.#app.state;
    const problems = form.problems.filter((problem) => problem.field !== field);
    this.#change({ values: { ...form.values, [field]: value }, problems, trouble: undefined });
  }

  async create(): Promise<void> {
    const { form, links } = this.#app.state;
    if (form.busy) return;
    this.#change({ busy: true, problems: [], trouble: undefined });
    try {
      const { url, ...link } = await this.#app.api.createLink(requestOf(form.values));
      this.#change({ busy: false, values: { ...BLANK } });
      this.#app.update({ links: [{ link, url, trouble: undefined }, ...links] });
      document.getElementById(`link-${link.id}`)?.focus();
    } catch (failure) {
      const problems = failure instanceof Problem ? failure.problems : [];
      this.#change({ busy: false, problems, trouble: problems.length > 0 ? undefined : sentenceOf(failure) });
      document.getElementById(problems.length > 0 ? `link-${problems[0]?.field}` : "link-trouble")?.focus();
    }
  }

  async copy({ link, url }: MadeLink): Promise<void> {
    try {
      await navigator.clipboard.writeText(url);
    } catch {
      // Without permission the link is selected, ready for the keyboard.
      document.getElementById(`link-url-${link.id}`)?.focus();
      return;
    }
    this.#app.update({ copied: link.id, said: "Link copied." });
    setTimeout(() => this.#app.update({ copied: undefined, said: "" }), COPIED_FOR_MS);
  }

  async revoke(made: MadeLink): Promise<void> {
    try {
      await this.#app.api.revokeLink(made.link.id);
      await this.#ask(made);
    } catch (failure) {
      this.#replace({ ...made, trouble: sentenceOf(failure) });
    }
    document.getElementById(`link-${made.link.id}`)?.focus();
  }

  async #askAll(): Promise<void> {
    if (document.visibilityState !== "visible") return;
    await Promise.all(this.#app.state.links.filter(({ link }) => isAlive(link)).map((made) => this.#ask(made)));
  }

  async #ask(made: MadeLink): Promise<void> {
    try {
      const link = await this.#app.api.link(made.link.id);
      this.#replace({ ...made, link, trouble: undefined });
      if (link.status === "used") await this.#app.users.refresh();
    } catch (failure) {
      this.#replace({ ...made, trouble: sentenceOf(failure) });
    }
  }

  #change(change: Partial<LinkForm>): void {
    this.#app.update({ form: { ...this.#app.state.form, ...change } });
  }

  #replace(made: MadeLink): void {
    const before = this.#app.state.links.find(({ link }) => link.id === made.link.id);
    const links = this.#app.state.links.map((each) => (each === before ? made : each));
    const hasChanged = before?.link.status !== made.link.status;
    this.#app.update({ links, ...(hasChanged && { said: `Link for ${made.link.name}: ${STATUS[made.link.status]}` }) });
  }
}

export const STATUS: Record<Link["status"], string> = {
  open: "Not opened yet",
  opened: "Opened",
  used: "Connected",
  revoked: "Revoked",
  expired: "Expired",
};

/** Something may still become of it. */
export function isAlive({ status }: Link): boolean {
  return status === "open" || status === "opened";
}

function requestOf({ subject, name, email, language, expiresIn }: LinkForm["values"]): LinkRequest {
  return {
    subject: subject.trim(),
    ...(name.trim() && { name: name.trim() }),
    ...(email.trim() && { email: email.trim() }),
    ...(language && { language }),
    expiresIn: Number(expiresIn),
  };
}

const WAIT = 20_000;

/** Zendesk's side: sign in, consent. */
export class ZendeskPage {
  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(WAIT);
  }

  /** As the first administrator, or as somebody else. @param {string} [email] */
  async signIn(email) {
    const allow = this.page.getByRole("button", { name: "Allow" });
    const name = email === undefined ? "Sign in" : new RegExp(`^${email}`);
    const signIn = this.page.getByRole("button", { name, exact: email === undefined });
    await allow.or(signIn).waitFor();
    if (await signIn.isVisible()) await signIn.click();
    await allow.waitFor();
    return this;
  }

  /** @param {string} [email] */
  async allow(email) {
    await this.signIn(email);
    await this.#answer("Allow");
  }

  async deny() {
    await this.signIn();
    await this.#answer("Deny");
  }

  /** A popup may be gone before the click has ended. */
  async #answer(/** @type {string} */ name) {
    const button = this.page.getByRole("button", { name });
    await button.click({ noWaitAfter: true }).catch((error) => {
      if (!this.page.isClosed()) throw error;
    });
  }
}

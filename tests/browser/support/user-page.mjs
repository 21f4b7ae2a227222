import { ConnectElement } from "./connect-element.mjs";

/** A page of the product, as one of its end users has it. */
export class UserPage extends ConnectElement {
  /**
   * @param {string} subject
   * @param {{ flow?: import("./connect-element.mjs").Flow, mode?: import("./connect-element.mjs").Mode, language?: string }} [settings]
   */
  async open(subject, settings = {}) {
    await this.page.addInitScript((chosen) => {
      if (location.pathname === "/console/user") localStorage.setItem("zendesk-auth-console:settings", chosen);
    }, JSON.stringify(settings));
    await this.page.goto(`${this.world.worker.url}/console/user?${new URLSearchParams({ subject })}`);
    await this.loaded();
    return this;
  }

  /** The form that asks for what the integration needs of a user. @param {Record<string, string>} values */
  async fill(values) {
    for (const [name, value] of Object.entries(values)) await this.page.locator(`input[name=${name}]`).fill(value);
    return this;
  }

  /** Where nothing has to be asked of Zendesk's own pages. */
  async connect() {
    await this.page.getByRole("button", { name: "Connect", exact: true }).click();
  }

  /** @param {import("./connect-element.mjs").Mode} [mode] */
  connectIn(mode = "popup") {
    return this.leadIn("Connect", mode);
  }

  /** How many accounts this user sees. */
  connections() {
    return this.page.locator("article.connection").count();
  }

  async disconnect() {
    await this.page.getByRole("button", { name: "Disconnect", exact: true }).first().click();
    await this.page.getByRole("button", { name: "Yes, disconnect" }).click();
  }
}

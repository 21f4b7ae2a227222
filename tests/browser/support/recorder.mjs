/**
 * @typedef {{ where: string, text: string }} Sighting  a text and the place it was seen in
 *
 * @typedef {object} WorkerRecord
 * @property {{ method: string, url: string, status: number, headers: [string, string][], body: string }[]} answers
 * @property {{ key: string, value: string }[]} stored
 * @property {unknown[]} events
 *
 * @typedef {{ method: string, url: string, body: string }} Sent
 */

/** Collects what a browser shows, says, asks for and keeps, over all pages of all runs. */
export class Recorder {
  /** @type {Sighting[]} */
  sightings = [];
  /** @type {Sent[]} every request that a page made */
  sent = [];
  /** @type {string[]} messages of the kind that say that something is wrong with a page itself */
  complaints = [];
  #workerUrl;

  /** @param {string} workerUrl */
  constructor(workerUrl) {
    this.#workerUrl = workerUrl;
  }

  /** @param {import("playwright-core").BrowserContext} context */
  watch(context) {
    context.on("request", (request) => {
      this.sent.push({ method: request.method(), url: request.url(), body: request.postData() ?? "" });
    });
    context.on("console", (message) => {
      this.#see("browser console", message.text());
      // A refused request is written there by the browser itself, and is what several tests are about.
      const isAboutThePage = message.type() === "error" && !message.text().startsWith("Failed to load resource");
      if (isAboutThePage) this.complaints.push(message.text());
    });
    context.on("weberror", (error) => {
      this.#see("browser error", String(error.error().stack));
      this.complaints.push(String(error.error()));
    });
    context.on("page", (page) => {
      page.on("framenavigated", (frame) => this.#see("address bar", frame.url()));
    });
  }

  /**
   * What a page of ours shows and keeps once a run is over.
   *
   * @param {import("playwright-core").BrowserContext} context
   */
  async snapshot(context) {
    for (const cookie of await context.cookies(this.#workerUrl)) this.#see("cookie", `${cookie.name}=${cookie.value}`);
    for (const page of context.pages()) {
      if (!page.url().startsWith(this.#workerUrl)) continue;
      this.#see("address bar", page.url());
      for (const { where, text } of await keptBy(page)) this.#see(where, text);
    }
  }

  /**
   * @param {string} where
   * @param {string} text
   */
  #see(where, text) {
    this.sightings.push({ where, text });
  }
}

/**
 * A popup may be closing itself just now: then there is nothing left of it to look at.
 *
 * @param {import("playwright-core").Page} page
 */
async function keptBy(page) {
  try {
    return await page.evaluate(whatThePageKeeps);
  } catch (error) {
    if (!page.isClosed()) await page.waitForEvent("close", { timeout: 2_000 }).catch(() => {});
    if (page.isClosed()) return [];
    throw error;
  }
}

/** Runs in the page. */
async function whatThePageKeeps() {
  const databases = (await indexedDB.databases()).map(({ name }) => ({ where: "IndexedDB", text: name ?? "" }));
  /** The document and the shadow trees in it. @type {(Document | ShadowRoot)[]} */
  const trees = [document];
  for (const tree of trees) {
    for (const { shadowRoot } of tree.querySelectorAll("*")) if (shadowRoot) trees.push(shadowRoot);
  }
  const inputs = trees
    .flatMap((tree) => [...tree.querySelectorAll("input")])
    .map(({ name, value }) => `${name}=${value}`);
  return [
    ...Object.entries(sessionStorage).map(([key, value]) => ({ where: "sessionStorage", text: `${key}=${value}` })),
    ...Object.entries(localStorage).map(([key, value]) => ({ where: "localStorage", text: `${key}=${value}` })),
    ...databases,
    { where: "history.state", text: JSON.stringify(history.state) ?? "" },
    {
      where: "page",
      text: trees
        .map((tree) => (tree instanceof Document ? tree.documentElement.outerHTML : tree.innerHTML))
        .join("\n"),
    },
    { where: "inputs", text: inputs.join("\n") },
  ];
}

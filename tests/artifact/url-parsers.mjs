// Parsers that disagree on a host are how a secret ends up elsewhere. Every input of the WHATWG test data, and every one
// of its variants with a Zendesk host put in, and every text put together at random of what hosts are confused with, is
// refused by the package or read alike by the host's own `URL`. Imports nothing, as run-vectors.mjs.

/** @typedef {typeof import("zendesk-auth")} Api */

/** Hosts of the test data that are exchanged for ours. */
const hosts = ["example.com", "example.org", "example.net", "foo.com", "host", "foo", "test", "h"];
const ours = ["acme.zendesk.com", "{subdomain}.zendesk.com", "acme", "localhost", "127.0.0.1", "app.example"];

/** What an attacker puts together; tests/vectors_support/parsers.rs has the same. */
const parts = [
  "https://",
  "http://",
  "//",
  "/",
  "\\",
  "@",
  ":",
  ":443",
  ":80",
  ":8443",
  ".",
  "..",
  "-",
  "_",
  "acme",
  "ACME",
  "zendesk",
  ".zendesk.com",
  "zendesk.com",
  "acme.zendesk.com",
  ".com",
  "evil.example",
  "localhost",
  "127.0.0.1",
  "[::1]",
  "0x7f",
  "1",
  "#",
  "?",
  "&",
  ";",
  "%",
  "%2e",
  "%40",
  "{subdomain}",
  "xn--",
  " ",
  "\t",
  "\n",
  "\0",
  "\u00df",
  "\u3002",
  "\uff0f",
  "\u212a",
];
const rounds = 20_000;

/**
 * @param {Api} api
 * @param {any[]} data the parsed urltestdata.json
 */
export function findDifferences(api, data) {
  const accepted = { subdomains: 0, endpoints: 0, redirectUris: 0, templates: 0 };
  /** @type {string[]} */
  const differences = [];
  const check = (/** @type {boolean} */ holds, /** @type {string} */ what, /** @type {string} */ input) => {
    if (!holds) differences.push(`${what}: ${JSON.stringify(input)}`);
  };
  /** @type {<T>(work: () => T) => T | undefined} */
  const attempt = (work) => {
    try {
      return work();
    } catch (error) {
      if (api.isZendeskAuthError(error)) return undefined;
      throw error;
    }
  };
  for (const input of [...inputs(data), ...puzzles()]) {
    const label = attempt(() => api.parseSubdomain(input));
    if (label !== undefined) {
      accepted.subdomains++;
      // A label alone is no host: `1` becomes 1.zendesk.com, where a parser of hosts would read 0.0.0.1.
      const isAlone = input.trim().toLowerCase().replace(/:443$/, "").replace(/\.$/, "") === label;
      check(isAlone || [label, `${label}.zendesk.com`].includes(hostOf(input)), "subdomain", input);
    }
    const endpoints = attempt(() => api.endpoints({ subdomain: "acme", tokenUrl: input }));
    if (endpoints !== undefined && input !== "") {
      accepted.endpoints++;
      const read = parse(endpoints.tokenUrl);
      check(read?.origin === "https://acme.zendesk.com" && !hasUserInfo(read), "endpoint", input);
    }
    const begun = attempt(() =>
      api.beginAuthorization({ subdomain: "acme", clientId: "a", redirectUri: input, scope: "read" }),
    );
    // Whether an `xn--` label decodes is left to the host: what no parser reads leads nowhere.
    if (begun !== undefined && !(input.includes("xn--") && !parse(input))) {
      accepted.redirectUris++;
      check(isSafeRedirect(input), "redirect_uri", input);
    }
    const templated = input && attempt(() => api.endpoints({ subdomain: "acme", accountTemplate: input }));
    if (templated) {
      accepted.templates++;
      const read = parse(templated.tokenUrl);
      check(read?.origin === templated.origin && read.hostname.startsWith("acme."), "template", input);
    }
  }
  return { accepted, differences };
}

/** @param {any[]} data */
function* inputs(data) {
  for (const { input } of data) {
    if (typeof input !== "string") continue;
    yield input;
    for (const host of hosts) {
      if (input.includes(host)) for (const one of ours) yield input.replaceAll(host, one);
    }
  }
}

/** Texts of 1 to 6 parts, the same in every run (xorshift32). */
function* puzzles() {
  let seed = 0x2545f491;
  const next = (/** @type {number} */ below) => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return (seed >>> 0) % below;
  };
  for (let round = 0; round < rounds; round++) {
    // Most of what begins otherwise is refused at once.
    let text =
      ["https://", "https://acme", "https://acme.zendesk.com", "https://{subdomain}.zendesk.com", ""][next(5)] ?? "";
    for (let left = next(6); left >= 0; left--) text += parts[next(parts.length)];
    yield text;
  }
}

/** @param {string} text */
const parse = (text) => (URL.canParse(text) ? new URL(text) : undefined);

/** @param {URL} url */
const hasUserInfo = (url) => Boolean(url.username || url.password);

/** @param {string} input what was accepted as a redirect_uri */
function isSafeRedirect(input) {
  const read = parse(input);
  if (!read) return false;
  const isLoopback = read.protocol === "http:" && ["localhost", "127.0.0.1"].includes(read.hostname);
  const written = input.split("://")[1]?.split(/[/?]/)[0]?.toLowerCase();
  const withoutDefault = written?.replace(read.protocol === "https:" ? /:443$/ : /:80$/, "");
  return (read.protocol === "https:" || isLoopback) && !hasUserInfo(read) && !read.hash && withoutDefault === read.host;
}

/**
 * The host as the host's parser reads it, without a trailing dot; an input without a scheme is read as people mean it.
 *
 * @param {string} input
 */
function hostOf(input) {
  const trimmed = input.trim();
  const absolute = parse(trimmed);
  const isWeb = absolute && ["http:", "https:"].includes(absolute.protocol);
  const url = isWeb ? absolute : parse(`https://${trimmed.replace(/^\/\//, "")}`);
  return (url?.hostname ?? "").replace(/\.$/, "");
}

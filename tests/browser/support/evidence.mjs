/**
 * @typedef {import("./world.mjs").World} World
 * @typedef {import("./recorder.mjs").Sighting} Sighting
 * @typedef {import("./secrets.mjs").KnownSecret["kind"]} Kind
 */

/**
 * What all runs left behind, anywhere but at the account's own host.
 *
 * @param {World} world
 * @returns {Promise<Sighting[]>}
 */
export async function gatherEvidence(world) {
  const { answers, stored, events } = await world.workerRecord();
  const ownUrls = world.recorder.sent.filter(({ url }) => !isAccount(world, url));
  return [
    ...answers.map(({ url, status, headers, body }) => ({
      where: `answer ${status} of ${pathOf(url)}`,
      text: `${headers.map((pair) => pair.join(": ")).join("\n")}\n${body}`,
    })),
    ...answers.map(({ url }) => ({ where: `URL ${pathOf(url)}`, text: url })),
    ...stored.map(({ key, value }) => ({ where: "stored value", text: `${key} ${value}` })),
    ...events.map((event) => ({ where: "event", text: JSON.stringify(event) })),
    ...world.log.map((line) => ({ where: "log line", text: line })),
    ...ownUrls.map(({ url }) => ({ where: `URL ${pathOf(url)}`, text: url })),
    ...ownUrls.map(({ method, url, body }) => ({ where: `body of ${method} ${pathOf(url)}`, text: body })),
    ...world.recorder.sightings
      .filter(({ where, text }) => where !== "address bar" || !isAccount(world, text))
      .map(({ where, text }) => (where === "address bar" ? { where: `URL ${pathOf(text)}`, text } : { where, text })),
  ];
}

/** The places where something secret has to stand, because that is how it travels. @type {[RegExp, Kind[]][]} */
const PERMITTED = [
  [/^URL \/(console|oauth)\/callback$/, ["code"]],
  [/^body of POST \/oauth\/exchange$/, ["code", "code_verifier"]],
  [/^body of (POST|PUT) \/profiles/, ["client secret"]],
  [/^body of POST \/(connections|authorize\/\*)$/, ["API token"]],
];

/**
 * @param {string} where
 * @param {Kind} kind
 */
export function isPermitted(where, kind) {
  return PERMITTED.some(([place, kinds]) => place.test(where) && kinds.includes(kind));
}

/**
 * @param {World} world
 * @param {string} url
 */
export function isAccount({ sandbox }, url) {
  return ["acme", "globex"].some((subdomain) => url.startsWith(`${sandbox.origin(subdomain)}/`));
}

/** @param {string} url */
function pathOf(url) {
  return URL.canParse(url)
    ? new URL(url).pathname.replace(/^(\/(?:profiles|connections|transactions|links|authorize)\/).+/, "$1*")
    : url;
}

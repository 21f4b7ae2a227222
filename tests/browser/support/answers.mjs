import assert from "node:assert/strict";
import { assertDescribed } from "../../edge/openapi.mjs";

/**
 * Every answer of the service in this world is one that its OpenAPI document describes.
 *
 * @param {import("./world.mjs").World} world
 */
export async function assertAnswersDescribed(world) {
  assertAllDescribed((await world.workerRecord()).answers);
}

/**
 * What a browser gets to see of them, for a worker that keeps no record.
 *
 * @param {import("playwright-core").BrowserContext} context
 * @param {{ worker: { url: string } }} world
 */
export function answersSeenBy(context, { worker }) {
  /** @type {Promise<import("./recorder.mjs").WorkerRecord["answers"][number] | undefined>[]} */
  const seen = [];
  context.on("response", (response) => {
    const isRedirect = response.status() >= 300 && response.status() < 400;
    if (!response.url().startsWith(`${worker.url}/`) || isRedirect) return;
    const described = { method: response.request().method(), url: response.url(), status: response.status() };
    const headers = Object.entries(response.headers());
    // A window that closes itself takes its last answer along.
    seen.push(
      response.text().then(
        (body) => ({ ...described, headers, body }),
        () => undefined,
      ),
    );
  });
  return async () => (await Promise.all(seen)).flatMap((answer) => answer ?? []);
}

/**
 * @param {import("./recorder.mjs").WorkerRecord["answers"]} answers
 * @param {string} [mount] the path that the service is mounted under
 */
export function assertAllDescribed(answers, mount = "") {
  /** @type {Set<string>} */
  const looked = new Set();
  for (const { method, url, status, headers, body } of answers) {
    const pathname = new URL(url).pathname.slice(mount.length);
    const contentType = headers.find(([name]) => name === "content-type")?.[1] ?? "";
    // A poll is answered alike many times.
    const answer = JSON.stringify([method, pathname, status, contentType, body]);
    if (isOfConsole(pathname) || looked.has(answer)) continue;
    looked.add(answer);
    assertDescribed(method, pathname, { status, contentType, text: body });
  }
  assert.ok(looked.size > 3, "the service answered next to nothing");
}

/** The pages around the service, and the endpoint that signs people in. @param {string} pathname */
function isOfConsole(pathname) {
  return pathname === "/" || pathname.startsWith("/console/");
}

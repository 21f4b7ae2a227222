import assert from "node:assert/strict";
import { assertDescribed } from "../../edge/openapi.mjs";

/**
 * Every answer of the service in this world is one that its OpenAPI document describes.
 *
 * @param {import("./world.mjs").World} world
 */
export async function assertAnswersDescribed(world) {
  const { answers } = await world.workerRecord();
  /** @type {Set<string>} */
  const looked = new Set();
  for (const { method, url, status, headers, body } of answers) {
    const { pathname } = new URL(url);
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

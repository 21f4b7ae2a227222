import { beginAuthorization } from "zendesk-auth";
import { calls, interleaved } from "../rounds.mjs";
import { chromium } from "./chromium.mjs";
import { native } from "./native.mjs";
import { options } from "./options.mjs";
import { check, floor, peers } from "./peers.mjs";
import { workerd } from "./workerd.mjs";

/**
 * The start of an authorization by each, in microseconds. Chromium, workerd and the native program are their own
 * processes, which take their turn in the same rounds.
 * @param {number} rounds
 */
export async function start(rounds) {
  const ours = () => beginAuthorization(options).authorizationUrl;
  for (const [name, begin] of Object.entries({ ours, ...peers })) check(name, await begin());
  const others = { ours_chromium: await chromium(), ours_workerd: await workerd(), native: await native() };
  try {
    const subjects = {
      ours_node: calls(ours),
      ...Object.fromEntries(Object.entries(others).map(([name, { subject }]) => [name, subject])),
      ...Object.fromEntries(Object.entries(peers).map(([name, begin]) => [name, calls(begin)])),
      floor: calls(floor),
    };
    return await interleaved(subjects, { rounds });
  } finally {
    for (const { close } of Object.values(others)) await close();
  }
}

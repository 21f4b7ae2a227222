// A worker that runs the vectors it is sent: the runners as they are, in the runtime that the product is for.
import * as api from "zendesk-auth";
import { createEdge } from "zendesk-auth/edge";
import { memoryStore } from "zendesk-auth/stores/memory";
import { files as edgeFiles, runEdgeVectors } from "./run-edge-vectors.mjs";
import { files, runVectors } from "./run-vectors.mjs";

export default {
  /** @param {Request} request */
  async fetch(request) {
    /** @type {Record<string, any[]>} */
    const data = await request.json();
    /** @type {Record<string, import("./judging.mjs").Outcome>} */
    const outcomes = {};
    for (const file of files) outcomes[file] = await runVectors(api, file, data[file] ?? []);
    for (const file of edgeFiles) {
      outcomes[file] = await runEdgeVectors({ createEdge, memoryStore }, file, data[file] ?? []);
    }
    return Response.json(outcomes);
  },
};

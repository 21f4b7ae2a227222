import { answers } from "./edge.js";

export default {
  async fetch() {
    return Response.json(await answers());
  },
};

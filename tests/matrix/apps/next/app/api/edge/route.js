import { answers } from "../../../src/edge.js";

export const runtime = "edge";
export const GET = async () => Response.json(await answers());

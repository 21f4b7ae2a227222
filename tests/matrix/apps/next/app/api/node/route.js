import { answers } from "../../../src/edge.js";

export const dynamic = "force-dynamic";
export const GET = async () => Response.json(await answers());

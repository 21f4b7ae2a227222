import { answers } from "../src/edge.js";
import { Client } from "./client.jsx";

export const dynamic = "force-dynamic";

export default async function Page() {
  return (
    <>
      <output>{JSON.stringify(await answers())}</output>
      <Client />
    </>
  );
}

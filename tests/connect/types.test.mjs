// The component's declarations, as its users compile against them.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { execIn, installed } from "../package/pack.mjs";

/** @type {Awaited<ReturnType<typeof installed>>} */
let pack;
before(async () => {
  pack = await installed();
});
after(() => pack?.remove());

const consumer = `
  import { finishCallback, ZendeskConnectElement } from "zendesk-auth/connect";
  import type { Connection, Integration, Revoked, ZendeskConnectEvents } from "zendesk-auth/connect";

  const element = document.createElement("zendesk-connect");
  element.worker = "https://auth.example.com";
  element.session = async () => (await fetch("/session")).text();
  element.session = null;
  element.mode = "redirect";
  element.language = "de";
  element.addEventListener("zendesk-connected", (event) => {
    const connection: Connection = event.detail.connection;
    console.log(connection.subdomain, event.target, this);
  });
  element.addEventListener("click", (event) => console.log(event.clientX));
  document.querySelector("zendesk-connect")?.addEventListener("zendesk-disconnected", ({ detail }) => {
    const revoked: Revoked = detail.revoked;
    console.log(detail.connection.length, revoked);
  });
  document.body.addEventListener("zendesk-integration", ({ detail }) => {
    const integration: Integration = detail.integration;
    console.log(integration.state);
  });
  document.body.addEventListener("zendesk-failed", ({ detail }) => console.log(detail.code, detail.message));
  export const other: ZendeskConnectElement = new ZendeskConnectElement();
  export const reloaded: Promise<void> = other.reload();
  export const finished: Promise<"handed-over" | "leaving" | "unexpected"> = finishCallback({ into: null }).then(
    ({ status }) => status,
  );
  export type Failure = ZendeskConnectEvents["zendesk-failed"];
`.replace(", this", "");

const wrong = {
  "a mode that there is not": 'document.createElement("zendesk-connect").mode = "window";',
  "an event's detail that it does not have":
    'document.body.addEventListener("zendesk-connected", ({ detail }) => detail.token);',
  "a misspelt option of finishCallback":
    'import { finishCallback } from "zendesk-auth/connect"; finishCallback({ sesion: "x" });',
};

/** @param {string} source @param {string[]} flags */
async function compile(source, flags) {
  const file = join(pack.folder, "consumer.ts");
  writeFileSync(file, source);
  const strict = ["--noEmit", "--strict", "--skipLibCheck", "false", "--target", "es2022", "--types", ""];
  const tsc = inRoot("node_modules", "typescript", "bin", "tsc");
  const args = [tsc, ...strict, "--lib", "es2022,dom,dom.iterable", ...flags, file];
  return execIn(process.execPath, args, pack.folder).then(
    () => "",
    (error) => String(error.stdout),
  );
}

for (const [name, flags] of Object.entries({
  bundler: ["--module", "esnext", "--moduleResolution", "bundler"],
  nodenext: ["--module", "nodenext", "--moduleResolution", "nodenext"],
})) {
  test(`they stand alone under the strictest settings (${name})`, async () => {
    assert.equal(await compile(consumer, flags), "");
  });
}

for (const [name, source] of Object.entries(wrong)) {
  test(`${name} does not compile`, async () => {
    const withTypes = source.startsWith("import") ? source : `import "zendesk-auth/connect"; ${source}`;
    assert.match(
      await compile(withTypes, ["--module", "nodenext"]),
      /consumer\.ts\(1,\d+\): error TS(2322|2339|2353|2561)/,
    );
  });
}

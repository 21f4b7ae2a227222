import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { forWorkerd } from "../../pkg-config/apps.mjs";
import { configuration } from "../edge/support.mjs";

const source = `
  import { createEdge } from "zendesk-auth/edge";
  export default {
    fetch(request, env) {
      try {
        createEdge({ ...${JSON.stringify({ ...configuration(), store: undefined })}, store: env.KV });
        return Response.json({});
      } catch ({ code, problems }) {
        return Response.json({ code, problems });
      }
    },
  };
`;

/** @type {Miniflare} */
let miniflare;
before(async () => {
  const bundled = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname },
    outdir: "/",
    ...forWorkerd,
    write: false,
  });
  const [main, wasm] = ["stdin.js", "zendesk_auth_edge.wasm"].map((name) =>
    bundled.outputFiles.find((file) => file.path.endsWith(name)),
  );
  assert.ok(main && wasm);
  miniflare = new Miniflare({
    modules: [
      { type: "ESModule", path: "main.mjs", contents: main.text },
      { type: "CompiledWasm", path: "zendesk_auth_edge.wasm", contents: wasm.contents },
    ],
    compatibilityDate: "2024-01-01",
    kvNamespaces: ["KV"],
  });
  await miniflare.ready;
});
after(() => miniflare?.dispose());

test("a namespace of Workers KV is refused as a store, with the reason and what to use", async () => {
  const { code, problems } = /** @type {any} */ (await (await miniflare.dispatchFetch("http://worker/")).json());
  assert.equal(code, "configuration_invalid");
  assert.deepEqual(
    problems.map((/** @type {any} */ { field, code }) => [field, code]),
    [["store", "field_invalid"]],
  );
  assert.match(problems[0].message, /Workers KV.*no compare-and-set.*stores\/durable-object.*D1/);
});

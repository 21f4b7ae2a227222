// What the artifacts weigh may not grow unseen: by more than 3 % against scripts/size/recorded.json, or over a budget that
// was met. Where growth is meant: `npm run size -- --record`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hasStdSources } from "../../pkg-config/wasm.mjs";
import { measure } from "../../scripts/size/measure.mjs";
import { judged, recordOf } from "../../scripts/size/record.mjs";

const sizes = await measure();
const skip = !(await hasStdSources()) && "the edge artifact is larger without `rustup component add rust-src`";

test("nothing has grown by more than 3 % against what was recorded, or over a budget that was met", { skip }, () => {
  const judgements = judged(sizes);
  assert.ok(judgements.length >= 4);
  const broken = judgements.filter(({ isBroken, text }) => isBroken || text.includes("not recorded"));
  assert.deepEqual(
    broken.map(({ text }) => text),
    [],
  );
});

test("growth of more than 3 % is found, and so is a budget that was met and is no longer", () => {
  const now = recordOf(sizes);
  const names = Object.keys(now);
  const smaller = Object.fromEntries(names.map((name) => [name, Math.floor((now[name] ?? 0) / 1.031)]));
  assert.deepEqual(
    judged(sizes, smaller).map(({ isBroken }) => isBroken),
    names.map(() => true),
  );
  const alike = Object.fromEntries(names.map((name) => [name, Math.ceil((now[name] ?? 0) / 1.029)]));
  const broken = judged(sizes, alike).filter(({ isBroken }) => isBroken);
  assert.deepEqual(broken, []);
  const { inline } = sizes;
  const heavier = { ...sizes, inline: { total: { ...inline.total, gzip: 14_001 } } };
  const [, entry] = judged(heavier, { ...now, "browser, default entry, gzip": 14_000 });
  assert.equal(entry?.isBroken, true, entry?.text);
});

test("the default entry is smaller than what its budget allows, and zod's peer is not", () => {
  assert.ok(sizes.inline.total.gzip <= 14_000);
  assert.ok((sizes.peers["openid-client+zod"]?.brotli ?? 0) > sizes.inline.total.brotli);
});

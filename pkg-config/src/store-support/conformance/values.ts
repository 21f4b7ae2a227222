import { type Case, create, equal, expect, keysOf, replace } from "./bench.js";

const texts = {
  "nothing at all": "",
  "a space": " ",
  "JSON and quotes": `{"a":"b'c\\\\d\\"e"}`,
  "line ends and control characters": "a\nb\r\nc\td\u001fe\u007f",
  "characters of all sizes": "ä€𝄞 日本語 \u202e e\u0301 \ufeff \ufffd",
  "what looks like a number": "0012.50",
  "what looks like a time": "2026-11-25T00:00:00Z",
  "128 KiB": "x".repeat(131_072),
  "128 KiB of characters of three bytes": `${"€".repeat(43_690)}xx`,
  "128 KiB of characters of four bytes": "𝄞".repeat(32_768),
};

const names = [
  "with space",
  " leading and trailing ",
  `'quotes' "and" \`more\``,
  "back\\slash",
  "percent%20escape%",
  "under_score",
  "star*?[a-z]",
  "semi;colon:colon",
  "{braces}",
  "#hash",
  "user@example.com",
  "a//b",
  "/leading",
  "trailing/",
  "..",
  "../up",
  "__proto__",
  "constructor",
  "toString",
  "null",
  "ümlaut",
  "é",
  "e\u0301",
  "日本語",
  "𝄞",
  "\uffff",
  "\u{10ffff}",
  "tab\tand\nline",
];

/** Any text but one with a zero, which no record and no key holds. */
export const values: Case[] = [
  ...Object.entries(texts).map(
    ([name, value]): Case => [
      `a value comes back as it was written: ${name}`,
      async ({ store, other, space }) => {
        const key = `${space}a`;
        const first = await create(store, key, value);
        await expect(other, key, { value, version: first });
        const [listed] = (await store.list(space)).entries;
        equal([listed?.value, listed?.version], [value, first], "the entry of the list");
        const second = await replace(store, key, "short", first);
        await expect(store, key, { value: "short", version: second });
        const third = await replace(store, key, value, second);
        await expect(other, key, { value, version: third });
        equal(await store.delete(key, { expectedVersion: third }), true, "delete");
        await expect(store, key, undefined);
      },
    ],
  ),
  [
    "odd keys are keys like others, each its own",
    async ({ store, space }) => {
      for (const name of names) await create(store, space + name, `value of ${name}`);
      for (const name of names) equal((await store.get(space + name))?.value, `value of ${name}`, `get of ${name}`);
      equal(await keysOf(store, space, 5), names.map((name) => space + name).sort(), "the list");
      for (const name of names) {
        const stored = await store.get(space + name);
        await replace(store, space + name, "2", stored?.version ?? "");
        equal((await keysOf(store, space + name)).includes(space + name), true, `the list of ${name} holds it`);
      }
    },
  ],
  [
    "a key may have 512 bytes",
    async ({ store, space }) => {
      const long = [
        space + "k".repeat(512 - space.length),
        space + "k".repeat(511 - space.length),
        space + "ä".repeat(Math.floor((512 - space.length) / 2)),
        `${space}deep${"/x".repeat(20)}`,
      ];
      for (const key of long) await create(store, key, key);
      for (const key of long) equal((await store.get(key))?.value, key, "get of a long key");
      equal(await keysOf(store, space, 1), [...long].sort(), "the list of long keys");
      equal(await keysOf(store, long[1] as string), [long[1], long[0]].sort(), "the list of a long prefix");
    },
  ],
];

// The exported schemas accept and refuse what the WebAssembly does: on the shared vectors, and on what comes out when
// their values are changed a little.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import Ajv2020 from "ajv/dist/2020.js";
import { validateForm } from "zendesk-auth";
import { inRoot } from "../../scripts/lib/paths.mjs";

/**
 * @typedef {{ name: string, kind: string, values: Record<string, string>, accountTemplate?: string, code?: string,
 *   problems: { field: string, code: string }[] }} Vector
 */

const kinds = /** @type {const} */ (["oauth-custom", "oauth-system", "basic", "basic-profile"]);

/** @type {Vector[]} */
const vectors = read("tests/vectors/forms.json").slice(1);

/** @param {string} path */
function read(path) {
  return JSON.parse(readFileSync(inRoot(path), "utf8"));
}

/** @param {string} kind */
function schemaOf(kind) {
  return read(`pkg-config/dist/schema/${kind}.json`);
}

const ajv = new Ajv2020.Ajv2020({
  strict: true,
  allErrors: true,
  keywords: ["x-order", "x-input", "x-limit", "x-find", "x-options"],
});

/**
 * What the schema cannot say, as its `$comment` tells: a host that is written out and is not that of the field `subdomain`.
 *
 * @param {string} kind
 * @param {{ field: string, code: string }[]} problems
 * @param {Record<string, string>} values
 */
function crossesFields(kind, problems, values) {
  const isHost = (/** @type {{ field: string, code: string }} */ { field, code }) =>
    code === "endpoint_other_host" && !/^\s*https:\/\/\{subdomain\}/u.test(values[field] ?? "");
  return kind === "oauth-custom" && problems.length > 0 && problems.every(isHost);
}

for (const kind of kinds) {
  const schema = schemaOf(kind);
  const accepts = ajv.compile(schema);
  const own = vectors.filter((vector) => vector.kind === kind && vector.accountTemplate === undefined && !vector.code);

  test(`the schema of ${kind} is as strict as the form on each of ${own.length} vectors`, () => {
    assert.ok(own.length >= 40, `${own.length} vectors`);
    for (const { name, values, problems } of own) {
      const { valid } = validateForm(kind, values);
      assert.equal(valid, problems.length === 0, `${name}: the form`);
      if (crossesFields(kind, problems, values)) continue;
      assert.equal(accepts(values), valid, `${name}: ${JSON.stringify(accepts.errors)}`);
    }
    const refused = own.filter(({ problems }) => problems.length > 0).length;
    assert.ok(refused >= 15 && own.length - refused >= 15, `${refused} of ${own.length} are refused`);
  });

  test(`the schema of ${kind} is as strict as the form on changed values`, () => {
    const random = randomNumbers(kind.length);
    const seen = { accepted: 0, refused: 0 };
    for (let round = 0; round < 4000; round++) {
      const { values } = pick(own, random);
      const changed = Object.fromEntries(
        Object.entries(values).map(([field, value]) => [field, change(value, random)]),
      );
      const { valid, problems } = validateForm(kind, changed);
      if (crossesFields(kind, problems, changed)) continue;
      seen[valid ? "accepted" : "refused"]++;
      assert.equal(accepts(changed), valid, `${JSON.stringify(changed)}: ${JSON.stringify(problems)}`);
    }
    assert.ok(seen.accepted > 300 && seen.refused > 300, JSON.stringify(seen));
  });

  test(`the schema of ${kind} describes the form's own fields`, () => {
    const fields = Object.keys(validateForm(kind, {}).values);
    assert.deepEqual(schema["x-order"], fields);
    assert.deepEqual(Object.keys(schema.properties).sort(), fields.toSorted());
    const form = read("pkg-config/dist/schema/forms.json").forms.find((/** @type {any} */ each) => each.name === kind);
    assert.deepEqual(
      form.fields.map((/** @type {{ name: string }} */ field) => field.name),
      fields,
    );
    for (const field of form.fields) {
      assert.equal(schema.properties[field.name].writeOnly, field.secret ? true : undefined, field.name);
      assert.equal(schema.required.includes(field.name), field.required === true, field.name);
    }
    assert.match(schema.$comment, kind === "oauth-custom" ? /endpoint_other_host/ : /^White space/);
  });
}

test("the words of the forms are those of the English catalogue", () => {
  /** @type {Record<string, string>} */
  const messages = read("pkg-config/dist/messages/en.json");
  /** @type {Record<string, string>} */
  const said = {};
  for (const form of read("pkg-config/dist/schema/forms.json").forms) {
    said[`form.${form.name}.title`] = form.title;
    said[`form.${form.name}.help`] = form.help;
    for (const field of form.fields) {
      for (const part of ["label", "help", "find"]) {
        if (field[part]) said[`field.${field.name}.${part}`] = field[part];
      }
      for (const { value, label, help } of field.options ?? []) {
        said[`option.${field.name}.${value}.label`] = label;
        said[`option.${field.name}.${value}.help`] = help;
      }
    }
  }
  const listed = Object.fromEntries(Object.entries(messages).filter(([key]) => /^(form|field|option)\./.test(key)));
  assert.deepEqual(listed, said);
});

/** Small and the same every time. @param {number} seed */
function randomNumbers(seed) {
  let state = seed * 2654435761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return state / 2 ** 32;
  };
}

/** @template T @param {readonly T[]} list @param {() => number} random @returns {T} */
function pick(list, random) {
  return /** @type {T} */ (list[Math.floor(random() * list.length)]);
}

const pieces = [
  ..." \t\n\u00a0\u200b\u2028\ufeff\u0007\u0085\u001f\u007f",
  ..."aZ0-._~/?#:@%,;\"'\\<>^`{|}[]",
  ...["{subdomain}", "/token", ".zendesk.com", "https://", "http://", ":443", "xn--", "www", "public", "é", "字", "😀"],
];

/**
 * Most values stay as they are, so that a form is not refused for five reasons at once.
 *
 * @param {string} value
 * @param {() => number} random
 */
function change(value, random) {
  if (random() < 0.6) return value;
  const characters = [...value];
  const at = Math.floor(random() * (characters.length + 1));
  const piece = random() < 0.25 ? "" : pick(pieces, random);
  characters.splice(at, random() < 0.5 ? 0 : 1, piece);
  return characters.join("");
}

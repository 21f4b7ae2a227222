import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

/** @typedef {{ status: number, contentType: string, text: string }} Answer */

const file = new URL("../../src/edge/openapi.json", import.meta.url);
const document = JSON.parse(readFileSync(file, "utf8"));
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false, allErrors: true });
ajv.addKeyword("components");
ajv.addSchema({ $id: "api", components: document.components });

const templates = Object.keys(document.paths).map((template) => ({
  template,
  pattern: new RegExp(`^${template.replace("{path}", ".*").replace(/\{\w+\}/g, "[^/]+")}$`),
}));

/**
 * Fails unless the document describes this answer to this call.
 *
 * @param {string} method
 * @param {string} path below the mount
 * @param {Answer} answer
 */
export function assertDescribed(method, path, { status, contentType, text }) {
  if (method === "OPTIONS" || method === "HEAD") return;
  // Zendesk's own answers pass through the proxy as they are.
  if (path.includes("/proxy/") && !contentType.startsWith("application/problem+json")) return;
  const where = `${method} ${path} -> ${status} ${contentType}`;
  const template = templates.find(({ pattern }) => pattern.test(path))?.template;
  const operation = template && document.paths[template][method.toLowerCase()];
  const described = operation ? responseOf(operation, status) : { $ref: "#/components/responses/problem" };
  assert.ok(operation || status === 404 || status === 405, `${where} is not described`);
  assert.ok(described, `${where}: the status is not described`);
  const content = resolve(described).content ?? {};
  const type = contentType.split(";")[0] ?? "";
  if (Object.keys(content).length === 0) return assert.equal(text, "", where);
  assert.ok(content[type], `${where}: the content type is not described`);
  if (!/json$/.test(type)) return;
  const validate = validatorOf(content[type].schema);
  assert.ok(validate(JSON.parse(text)), `${where}: ${ajv.errorsText(validate.errors)}\n${text}`);
}

/** Compiling takes longer than all the rest. @type {Map<object, import("ajv").ValidateFunction>} */
const validators = new Map();

/** @param {object} schema */
function validatorOf(schema) {
  const known = validators.get(schema);
  if (known) return known;
  const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/')));
  validators.set(schema, validate);
  return validate;
}

/** @param {any} operation @param {number} status */
function responseOf({ responses }, status) {
  const range = `${Math.floor(status / 100)}XX`;
  // `default` stands for what goes wrong; a success has to be listed.
  return responses[status] ?? responses[range] ?? (status >= 400 ? responses.default : undefined);
}

/** @param {any} described */
function resolve(described) {
  const name = described.$ref?.split("/").at(-1);
  return name === undefined ? described : document.components.responses[name];
}

/**
 * A service whose every answer is held against the document.
 *
 * @param {import("zendesk-auth/edge").Edge} edge
 * @returns {import("zendesk-auth/edge").Edge}
 */
export function described(edge) {
  return {
    sweep: (context) => edge.sweep(context),
    connection: (id, options) => edge.connection(id, options),
    async fetch(request, context) {
      const response = await edge.fetch(request, context);
      const text = await response.clone().text();
      const contentType = response.headers.get("content-type") ?? "";
      assertDescribed(request.method, new URL(request.url).pathname, { status: response.status, contentType, text });
      return response;
    },
  };
}

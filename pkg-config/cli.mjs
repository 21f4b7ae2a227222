#!/usr/bin/env node
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";

const USAGE = `zendesk-auth keys new [--kid NAME]
  prints a new sealing key, for the option \`sealingKeys\` of the edge worker

zendesk-auth keys rotate --worker URL [--cursor CURSOR] [--limit N]
  seals everything anew that is not sealed with the first of the worker's keys. Before: add the new key as the last one
  and deploy, then make it the first one and deploy. It may stop at any time and goes on from the cursor that it names.
  The admin key is taken from the environment: ZENDESK_AUTH_ADMIN_KEY`;

const ATTEMPTS = 5;
/** Of one page, in milliseconds. */
const PATIENCE = 60_000;
const NO_WORKER = "What answers there is not the worker: check the URL.";

class Refused extends Error {}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refused) && !String(Object(error).code).startsWith("ERR_PARSE_ARGS")) throw error;
  console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  process.exitCode = 2;
}

/** @param {string[]} args */
async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    options: {
      kid: { type: "string" },
      worker: { type: "string" },
      cursor: { type: "string" },
      limit: { type: "string" },
      help: { type: "boolean" },
    },
    allowPositionals: true,
  });
  const command = positionals.join(" ");
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (command === "keys new") return newKey(values.kid ?? new Date().toISOString().slice(0, 10));
  if (command === "keys rotate") return rotate(values);
  throw new Refused(command === "" ? "a command is missing" : `there is no command \`${command}\``);
}

/** @param {string} kid */
function newKey(kid) {
  if (!/^[\w-]{1,64}$/.test(kid))
    throw new Refused("--kid has to have 1 to 64 of the characters A-Z, a-z, 0-9, - and _");
  console.log(JSON.stringify({ kid, key: randomBytes(32).toString("base64url") }));
  return 0;
}

/** @param {{ worker?: string, cursor?: string, limit?: string }} options */
async function rotate({ worker, cursor, limit }) {
  const adminKey = process.env.ZENDESK_AUTH_ADMIN_KEY;
  if (!isPublicUrl(worker)) {
    throw new Refused("--worker has to be the worker's public URL, with https unless it is on this machine");
  }
  if (limit !== undefined && !(Number(limit) >= 1 && Number(limit) <= 200)) {
    throw new Refused("--limit has to be a number from 1 to 200");
  }
  if (!adminKey) throw new Refused("ZENDESK_AUTH_ADMIN_KEY is missing in the environment");
  const url = `${worker.replace(/\/+$/, "")}/keys/rotate`;
  const sum = { seen: 0, resealed: 0, unreadable: /** @type {{ key: string, code: string }[]} */ ([]) };
  for (let next = cursor; ; ) {
    const body = { ...(next !== undefined && { cursor: next }), ...(limit !== undefined && { limit: Number(limit) }) };
    const { page, problem } = await ask(url, adminKey, body);
    if (page === undefined || !isPage(page, next)) {
      console.error(problem ?? NO_WORKER);
      console.error(next === undefined ? "Nothing was done." : `To go on: --cursor ${JSON.stringify(next)}`);
      return 1;
    }
    sum.seen += page.seen;
    sum.resealed += page.resealed;
    sum.unreadable.push(...page.unreadable);
    console.error(`${sum.seen} seen, ${sum.resealed} sealed anew, ${sum.unreadable.length} unreadable`);
    if (page.done) break;
    next = page.cursor;
  }
  console.log(JSON.stringify(sum));
  if (sum.unreadable.length === 0) return 0;
  console.error("The unreadable ones need a key that is no longer configured: add it back, or authorize these again.");
  return 1;
}

/**
 * Whether the admin key may go there: it must not travel in the clear.
 * @param {string | undefined} text
 * @returns {text is string}
 */
function isPublicUrl(text) {
  if (text === undefined || !URL.canParse(text)) return false;
  const { protocol, hostname, search, hash } = new URL(text);
  const isHere = hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
  return search === "" && hash === "" && (protocol === "https:" || (protocol === "http:" && isHere));
}

/**
 * Whether it is a page, and leads on.
 * @param {Page} page
 * @param {string | undefined} cursor
 */
function isPage({ unreadable, done, cursor: next }, cursor) {
  return Array.isArray(unreadable) && (done === true || (typeof next === "string" && next !== cursor));
}

/**
 * @typedef {{ seen: number, resealed: number, unreadable: { key: string, code: string }[], done: boolean, cursor?: string }} Page
 * @param {string} url
 * @param {string} adminKey
 * @param {object} body
 * @returns {Promise<{ page?: Page, problem?: string }>}
 */
async function ask(url, adminKey, body) {
  let problem = "";
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
        body: JSON.stringify(body),
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
      const answer = Object(await response.json().catch(() => ({})));
      if (response.ok) return { page: answer };
      problem = `The worker refuses: ${answer.code ?? `http_${response.status}`}${answer.detail ? `: ${answer.detail}` : ""}`;
      if (response.status < 500) return { problem };
    } catch (error) {
      problem = `The worker cannot be reached: ${Object(Object(error).cause).code ?? Object(error).message}`;
    }
  }
  return { problem };
}

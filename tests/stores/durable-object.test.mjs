import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { runtimeFile, temporaryFolder } from "./support.mjs";

const folder = temporaryFolder();
/** @type {Awaited<ReturnType<typeof start>>} */
let worker;
before(async () => {
  worker = await start();
});
after(async () => {
  await worker?.kill();
  folder.remove();
});

/** The worker, and workerd below it, in a group of processes that can be ended together, in the middle of anything. */
async function start() {
  const child = spawn(process.execPath, [runtimeFile("serve-worker.mjs"), folder.path], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const url = await new Promise((resolve, reject) => {
    child.stdout.setEncoding("utf8").once("data", (line) => resolve(line.trim()));
    child.once("exit", (code) => reject(new Error(`the worker ended with ${code}`)));
  });
  return {
    url: String(url),
    async kill() {
      process.kill(-(/** @type {number} */ (child.pid)), "SIGKILL");
      await ended;
    },
  };
}

/**
 * @param {string} method
 * @param {...unknown} args
 * @returns {Promise<any>}
 */
function call(method, ...args) {
  return post({ method, args });
}

/**
 * @param {string} object
 * @param {unknown} question
 * @returns {Promise<any>}
 */
function ask(object, question) {
  return post({ method: "ask", object, args: [question] });
}

/** @param {unknown} body */
async function post(body) {
  // A connection that is kept may be closed just when it is used again.
  const init = { method: "POST", headers: { connection: "close" }, body: JSON.stringify(body) };
  const answer = await fetch(new URL("/call", worker.url), init);
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

const isNew = { expectedVersion: null };
const names = (/** @type {string} */ path) => ask(`folder/${path}`, { ask: "names", prefix: "", limit: 100 });

/** @param {() => Promise<boolean>} holds */
async function eventually(holds) {
  for (let tries = 0; tries < 400; tries++) {
    if (await holds()) return;
    await sleep(50);
  }
  assert.fail("it never came to that");
}

test("what a crash left listed is not shown, and is struck by the first listing that meets it", async () => {
  const version = await call("put", "crash/b", "1", isNew);
  const folders = [{ path: "crash/", id: "" }];
  await ask("folder/crash/", { ask: "add", name: "a", ticket: "of a creation that ended here", folders });
  assert.equal((await names("crash/")).length, 2);
  const { entries } = await call("list", "crash/");
  assert.deepEqual(entries, [{ key: "crash/b", value: "1", version }]);
  await eventually(async () => (await names("crash/")).length === 1);
});

test("what strikes an earlier listing of a key leaves a later one alone", async () => {
  await call("put", "late/a", "1", isNew);
  const [{ ticket }] = await names("late/");
  const { version } = await call("get", "late/a");
  assert.equal(await call("delete", "late/a", { expectedVersion: version }), true);
  assert.deepEqual(await names("late/"), []);
  await call("put", "late/a", "2", isNew);
  await ask("folder/late/", { ask: "strike", name: "a", ticket });
  assert.equal((await call("list", "late/")).entries.length, 1);
});

test("what has expired goes without being asked for, and its listing with it", async () => {
  await call("put", "expiring/a", "1", { ...isNew, expiresAt: Date.now() + 200 });
  await call("put", "expiring/b", "1", isNew);
  assert.equal((await names("expiring/")).length, 2);
  await eventually(async () => (await names("expiring/")).length === 1);
});

test("folders that are empty again do not hold a listing up", async () => {
  await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const expectedVersion = await call("put", `empty/${index}/a`, "1", isNew);
      assert.equal(await call("delete", `empty/${index}/a`, { expectedVersion }), true);
    }),
  );
  const version = await call("put", "empty/z/a", "1", isNew);
  const found = [];
  let pages = 0;
  for (let cursor; pages === 0 || cursor; pages++) {
    const page = await call("list", "empty/", cursor ? { cursor } : {});
    found.push(...page.entries);
    cursor = page.cursor;
  }
  assert.deepEqual(found, [{ key: "empty/z/a", value: "1", version }]);
  assert.ok(pages > 1 && pages < 5, `${pages} pages`);
});

test("after a crash in the middle of writes, what was acknowledged is there, and the list holds all of it and no more", async () => {
  /** What each key may hold now: several where the answer never came. @type {Map<string, Set<string | null>>} */
  const possible = new Map();
  for (let round = 0; round < 3; round++) {
    let isOver = false;
    let acknowledged = 0;
    const writers = Array.from({ length: 8 }, async (_, index) => {
      for (let turn = 0; !isOver; turn++) {
        const key = `killed/${index % 2}/${round}-${index}-${turn % 5}`;
        await write(key, `${round}.${turn}`).then(
          () => acknowledged++,
          () => {
            isOver = true;
          },
        );
      }
    });
    await eventually(async () => acknowledged > 100);
    await sleep(Math.random() * 100);
    await worker.kill();
    await Promise.all(writers);
    worker = await start();

    /** @type {Map<string, string>} */
    const listed = new Map();
    for (let cursor, isFirst = true; isFirst || cursor; isFirst = false) {
      const page = await call("list", "killed/", { limit: 40, ...(cursor && { cursor }) });
      for (const { key, value } of page.entries) listed.set(key, value);
      cursor = page.cursor;
    }
    for (const [key, values] of possible) {
      const stored = (await call("get", key))?.value ?? null;
      assert.ok(values.has(stored), `${key} holds ${stored}, not one of ${[...values]}`);
      assert.equal(listed.get(key) ?? null, stored, `the list's entry of ${key}`);
      possible.set(key, new Set([stored]));
    }
  }
  assert.ok(possible.size > 30, `${possible.size} keys were written`);

  /** @param {string} key @param {string} value */
  async function write(key, value) {
    const there = await call("get", key);
    const before = there?.value ?? null;
    const next = there && Math.random() < 0.3 ? null : value;
    possible.set(key, new Set([before, next]));
    if (next === null) await call("delete", key, { expectedVersion: there.version });
    else await call("put", key, value, { expectedVersion: there?.version ?? null });
    possible.set(key, new Set([next]));
  }
});

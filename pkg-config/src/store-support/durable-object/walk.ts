import { ask, folderId, folderOf, type Name } from "./questions.js";
import type { DurableObjectNamespace } from "./types.js";

export interface ListedKey extends Name {
  key: string;
  folder: string;
}

/** Folders that one page asks before it ends, though it found less than it might. */
const mostAsked = 50;

/**
 * The next keys under a prefix as their folders list them, depth first, which is the order of the keys' bytes. A cursor
 * is `k` and the last key of the page before, or `f` and the last folder, of which nothing is left.
 */
export async function walk(
  objects: DurableObjectNamespace,
  prefix: string,
  cursor: string | undefined,
  limit: number,
): Promise<{ keys: ListedKey[]; cursor?: string }> {
  const keys: ListedKey[] = [];
  let asked = 0;
  let done: string | undefined;

  function names(path: string, question: { prefix: string; after?: string; limit: number }): Promise<Name[]> {
    asked++;
    return ask(objects, folderId(path, objects), { ask: "names", ...question });
  }

  /** Whether it came to the folder's end. */
  async function through(path: string, start: string, after: string[]): Promise<boolean> {
    let [last, ...inner] = after;
    if (last !== undefined && inner.length > 0) {
      // A cursor that was made up may lead anywhere, so only into what is listed.
      const [entered] = await names(path, { prefix: last, limit: 1 });
      if (entered?.name === last && !(await through(path + last, "", inner))) return false;
    }
    for (;;) {
      if (done !== undefined && asked >= mostAsked) return false;
      const wanted = limit - keys.length + 1;
      const found = await names(path, { prefix: start, ...(last !== undefined && { after: last }), limit: wanted });
      for (const { name, ticket } of found) {
        if (keys.length === limit) return false;
        if (!name.endsWith("/")) {
          keys.push({ key: path + name, name, ticket, folder: folderId(path, objects).toString() });
          done = `k${path}${name}`;
        } else {
          if (!(await through(path + name, "", []))) return false;
          done = `f${path}${name}`;
        }
        last = name;
      }
      if (found.length < wanted) return true;
    }
  }

  const top = folderOf(prefix);
  const isWhole = await through(top, prefix.slice(top.length), position(cursor, prefix, top));
  return isWhole ? { keys } : { keys, cursor: done as string };
}

/** The parts of the path from the top folder to where the page before ended. */
function position(cursor: string | undefined, prefix: string, top: string): string[] {
  if (!cursor?.slice(1).startsWith(prefix)) return [];
  const parts = cursor.slice(1 + top.length).match(/[^/]*\/|[^/]+$/g) ?? [];
  // A key may end in a slash; its last part is then empty.
  return cursor.startsWith("k") && !/[^/]$/.test(cursor.slice(1 + top.length)) ? [...parts, ""] : [...parts];
}

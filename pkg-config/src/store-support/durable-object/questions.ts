import type { DurableObjectNamespace, ObjectId } from "./types.js";

/** What the adapter asks its objects, and they each other, as the JSON body of a request. */
export type Question =
  /** To a record. */
  | { ask: "get" }
  | { ask: "put"; key: string; folders: Folder[]; value: string; expectedVersion: string | null; expiresAt?: number }
  | { ask: "delete"; expectedVersion: string }
  /** To a record that its folder lists: its value, or else it takes the listing out. */
  | { ask: "listed"; name: string; ticket: string; folder: string }
  /** To a folder. */
  | { ask: "names"; prefix: string; after?: string; limit: number }
  | { ask: "add"; name: string; ticket: string; folders: Folder[] }
  | { ask: "strike"; name: string; ticket: string };

/** The path to a folder and its object's id; a list of them begins with the innermost and ends with the root. */
export interface Folder {
  path: string;
  id: string;
}

/** A name in a folder, with the ticket under which it was added. The name of a folder in a folder ends in a slash. */
export interface Name {
  name: string;
  ticket: string;
}

/** The answer's JSON, null for nothing. Rejects with whatever the object threw. */
export async function ask<T>(objects: DurableObjectNamespace, id: ObjectId, question: Question): Promise<T> {
  const answer = await objects.get(id).fetch("https://store/", { method: "POST", body: JSON.stringify(question) });
  if (!answer.ok) throw new Error(`the store's object answered with status ${answer.status}`);
  return (await answer.json()) as T;
}

export function recordName(key: string): string {
  return `record/${key}`;
}

/** A key's folder and that folder's, up to the root, whose path is empty: `a/b/c` lies in `a/b/`, `a/` and the root. */
export function foldersOf(key: string, objects: DurableObjectNamespace): Folder[] {
  const folders: Folder[] = [];
  for (let path = folderOf(key); ; path = folderOf(path.slice(0, -1))) {
    folders.push({ path, id: folderId(path, objects).toString() });
    if (path === "") return folders;
  }
}

export function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf("/") + 1);
}

export function folderId(path: string, objects: DurableObjectNamespace): ObjectId {
  return objects.idFromName(`folder/${path}`);
}

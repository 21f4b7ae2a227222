import type { Store } from "../../edge-types.js";
import { type Bench, check, create } from "./bench.js";

/** A store that cannot do its work must say so: neither "nothing there" nor "another version" is true then. */
export async function rejects({ store, space }: Bench, unreachable: Store): Promise<void> {
  const key = `${space}a`;
  const expectedVersion = await create(store, key, "1");
  const calls: Record<string, () => Promise<unknown>> = {
    get: () => unreachable.get(key),
    "put of a new key": () => unreachable.put(`${space}b`, "1", { expectedVersion: null }),
    "put at a version": () => unreachable.put(key, "2", { expectedVersion }),
    delete: () => unreachable.delete(key, { expectedVersion }),
    list: () => unreachable.list(space),
  };
  for (const [name, call] of Object.entries(calls)) {
    const failed = await call().then(
      () => false,
      () => true,
    );
    check(failed, `${name} resolved, though the store cannot be reached`);
  }
}

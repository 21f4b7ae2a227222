export interface ObjectId {
  toString(): string;
}

/** What is used of Cloudflare's `DurableObjectNamespace`: a binding, or a jurisdiction of one. */
export interface DurableObjectNamespace {
  idFromName(name: string): ObjectId;
  idFromString(id: string): ObjectId;
  get(id: ObjectId): {
    fetch(
      url: string,
      init: { method: string; body: string },
    ): Promise<{ ok: boolean; status: number; json(): Promise<unknown> }>;
  };
}

/** What is used of Cloudflare's `DurableObjectState`. */
export interface DurableObjectState {
  id: ObjectId;
  storage: {
    get(key: string): Promise<unknown>;
    put(entries: Record<string, unknown>): Promise<void>;
    list(options: { prefix: string; startAfter?: string; limit: number }): Promise<Map<string, unknown>>;
    delete(key: string): Promise<boolean>;
    deleteAll(): Promise<void>;
    setAlarm(at: number): Promise<void>;
    deleteAlarm(): Promise<void>;
  };
}

/** When calls are given up that nobody answers. One clock for all calls of a request: most end long before it rings. */
export class Deadlines {
  readonly #patience: number;
  readonly #waiting: Set<{ at: number; expire: () => void }> = new Set();
  #timer: unknown;

  /** @param patience for each call, in milliseconds */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** Expires unless what is returned is called in time. */
  begin(expire: () => void): () => void {
    const each = { at: performance.now() + this.#patience, expire };
    this.#waiting.add(each);
    this.#timer ??= setTimeout(this.#ring, this.#patience);
    return () => this.#waiting.delete(each);
  }

  /** Stops the clock: one that runs would keep a process, or a request that is over, alive. */
  end(): void {
    clearTimeout(this.#timer as number);
    this.#timer = undefined;
  }

  readonly #ring = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    const due = [...this.#waiting].filter(({ at }) => at <= now);
    for (const each of due) {
      this.#waiting.delete(each);
      each.expire();
    }
    const next = Math.min(...[...this.#waiting].map(({ at }) => at));
    if (next < Number.POSITIVE_INFINITY) this.#timer = setTimeout(this.#ring, next - now);
  };
}

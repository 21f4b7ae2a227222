/** Aborted as soon as one of the two is. `AbortSignal.any` is younger than the browsers this runs in. */
export function either(one: AbortSignal, other: AbortSignal): AbortSignal {
  const abort = new AbortController();
  for (const signal of [one, other]) {
    if (signal.aborted) abort.abort(signal.reason);
    signal.addEventListener("abort", () => abort.abort(signal.reason), { once: true, signal: abort.signal });
  }
  return abort.signal;
}

/** Rejects with the signal's reason where that comes first. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", stopped, { once: true });
    function done(): void {
      signal.removeEventListener("abort", stopped);
      resolve();
    }
    function stopped(): void {
      clearTimeout(timer);
      reject(signal.reason);
    }
  });
}

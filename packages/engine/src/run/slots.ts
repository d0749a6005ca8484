import PQueue from "p-queue";

/** Most requests that wait for one provider. */
const mostWaiting = 1000;

/** A place at a provider that takes so many calls at a time only. */
export class Slots {
  readonly #queue: PQueue;

  /** @param concurrency most calls at a time, at least 1 */
  constructor(concurrency: number) {
    this.#queue = new PQueue({ concurrency });
  }

  /** A call could start at once. */
  get isFree(): boolean {
    return this.#queue.size === 0 && this.#queue.pending < this.#queue.concurrency;
  }

  /** Nobody else may wait. */
  get isFull(): boolean {
    return this.#queue.size >= mostWaiting;
  }

  /**
   * Calls `granted` once a place is free, at once if one is; the place is held until it is released.
   * Returns what leaves the queue; after `granted` it does nothing.
   */
  take(granted: (release: () => void) => void): () => void {
    const leaving = new AbortController();
    let isGranted = false;
    const call = (): Promise<void> =>
      new Promise((release) => {
        isGranted = true;
        granted(release);
      });
    // Who leaves is told nothing more.
    this.#queue.add(call, { signal: leaving.signal }).catch(() => {});
    return () => {
      if (!isGranted) leaving.abort();
    };
  }
}

import type { Clock, Timer } from "./clock.ts";

/** Longest wait a Node timer takes; longer ones would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

class SystemTimer implements Timer {
  readonly #afterMs: number;
  readonly #fire: () => void;
  #handle: NodeJS.Timeout;
  #cancelled = false;

  constructor(afterMs: number, fire: () => void) {
    this.#afterMs = Math.min(afterMs, longestTimerMs);
    this.#fire = fire;
    this.#handle = setTimeout(fire, this.#afterMs);
  }

  refresh(): void {
    // Node's own `refresh` does nothing to a timer that was cleared.
    if (this.#cancelled) {
      this.#cancelled = false;
      this.#handle = setTimeout(this.#fire, this.#afterMs);
    } else {
      this.#handle.refresh();
    }
  }

  cancel(): void {
    this.#cancelled = true;
    clearTimeout(this.#handle);
  }
}

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  timer: (afterMs, fire) => new SystemTimer(afterMs, fire),
};

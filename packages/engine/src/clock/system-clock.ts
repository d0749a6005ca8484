import type { Clock, Timer } from "./clock.ts";

/** Longest wait a Node timer takes; longer ones would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

class SystemTimer implements Timer {
  readonly #handle: NodeJS.Timeout;

  constructor(afterMs: number, fire: () => void) {
    this.#handle = setTimeout(fire, Math.min(afterMs, longestTimerMs));
  }

  refresh(): void {
    this.#handle.refresh();
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }
}

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  timer: (afterMs, fire) => new SystemTimer(afterMs, fire),
};

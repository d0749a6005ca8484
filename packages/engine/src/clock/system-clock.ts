import type { Clock } from "./clock.ts";

/** Longest wait a Node timer takes; longer ones would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  timer: (afterMs, fire) => {
    const handle = setTimeout(fire, Math.min(afterMs, longestTimerMs));
    return {
      refresh: () => {
        handle.refresh();
      },
      cancel: () => {
        clearTimeout(handle);
      },
    };
  },
};

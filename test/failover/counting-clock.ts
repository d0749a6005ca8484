import { systemClock } from "@pointsman/engine";
import type { Clock } from "@pointsman/engine";

/** The machine's clock, and how many timers run on it. */
export type CountingClock = Clock & { readonly running: () => number };

export const createCountingClock = (): CountingClock => {
  const running = new Set<object>();
  return {
    nowMs: () => systemClock.nowMs(),
    monotonicMs: () => systemClock.monotonicMs(),
    timer: (ms, run) => {
      const mark = {};
      running.add(mark);
      const timer = systemClock.timer(ms, () => {
        running.delete(mark);
        run();
      });
      return {
        cancel: () => {
          running.delete(mark);
          timer.cancel();
        },
        refresh: () => {
          running.add(mark);
          timer.refresh();
        },
      };
    },
    running: () => running.size,
  };
};

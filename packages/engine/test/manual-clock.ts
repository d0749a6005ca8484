import type { Clock } from "@pointsman/engine";

type Pending = { at: number; readonly afterMs: number; readonly fire: () => void };

/** A clock that moves only when told to. */
export type ManualClock = Clock & {
  /** Moves on, firing what falls due in order. */
  advance(ms: number): void;
  /** Timers that wait. */
  readonly waiting: number;
};

/** Starts at 1,000,000 ms. */
export const createManualClock = (): ManualClock => {
  let now = 1_000_000;
  const timers = new Set<Pending>();
  return {
    nowMs: () => now,
    monotonicMs: () => now,
    timer: (afterMs, fire) => {
      const pending: Pending = { at: now + afterMs, afterMs, fire };
      timers.add(pending);
      return {
        refresh: () => {
          pending.at = now + afterMs;
          timers.add(pending);
        },
        cancel: () => {
          timers.delete(pending);
        },
      };
    },
    advance: (ms) => {
      const until = now + ms;
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers.delete(next);
        now = next.at;
        next.fire();
      }
      now = until;
    },
    get waiting() {
      return timers.size;
    },
  };
};

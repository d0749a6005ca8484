import { setImmediate, setTimeout } from "node:timers/promises";

/** At pace 0 the event loop gets its turn after this many steps, so an abort is seen. */
const stepsBetweenTurns = 16;

/** Holds one answer to its times. */
export type Pacer = {
  /**
   * Waits until so many ms after the call's arrival, stretched by the pace; `false` once the call
   * is aborted. Waits are measured from the arrival, so late timers do not add up.
   */
  readonly until: (dueMs: number) => Promise<boolean>;
};

/** `pace` 1 = as told, 0 = no waits. */
export const createPacer = (pace: number, signal: AbortSignal): Pacer => {
  const startMs = performance.now();
  let steps = 0;
  return {
    until: async (dueMs) => {
      const waitMs = dueMs * pace - (performance.now() - startMs);
      steps += 1;
      if (pace > 0 && waitMs >= 1) {
        // Rejects only when the signal aborts, which the return value says.
        await setTimeout(waitMs, undefined, { signal }).catch(() => undefined);
      } else if (steps % stepsBetweenTurns === 0) {
        await setImmediate();
      }
      return !signal.aborted;
    },
  };
};

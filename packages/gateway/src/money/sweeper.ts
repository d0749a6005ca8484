import type { Clock, Timer } from "@pointsman/engine";
import type { BudgetStore, ExpiredHold } from "@pointsman/store";

/** How often leases that ran out are looked for, ms. */
const everyMs = 30_000;
/** Most that are charged at a time. */
const atOnce = 100;

/** Charges what processes left behind that are gone. */
export const startSweeper = (options: {
  readonly budgets: BudgetStore;
  readonly clock: Clock;
  /** Is given each once, and awaited. */
  readonly onSwept: (hold: ExpiredHold) => Promise<void>;
  readonly onError: (error: unknown) => void;
}): { stop(): void } => {
  const { budgets, clock, onSwept, onError } = options;
  let timer: Timer | undefined;
  let stopped = false;
  const sweep = async (): Promise<void> => {
    try {
      const swept = await budgets.sweep({ nowMs: clock.nowMs(), limit: atOnce });
      for (const hold of swept) await onSwept(hold);
    } catch (error) {
      onError(error);
    }
    if (!stopped) timer = clock.timer(everyMs, () => void sweep());
  };
  void sweep();
  return {
    stop: () => {
      stopped = true;
      timer?.cancel();
    },
  };
};

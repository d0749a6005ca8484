import type { BudgetWindow } from "./budget-window.ts";
import { assertPicoUsd } from "./hold.ts";
import type { Hold } from "./hold.ts";

/** Windows and hold after a step; the very same values if it had nothing to do. */
export type Charged = {
  readonly windows: readonly BudgetWindow[];
  readonly hold: Hold;
  readonly changed: boolean;
};

const charge = (
  windows: readonly BudgetWindow[],
  releasedPicoUsd: number,
  addedPicoUsd: number,
): readonly BudgetWindow[] => {
  const released = BigInt(releasedPicoUsd);
  const added = BigInt(addedPicoUsd);
  return windows.map((window) => ({
    ...window,
    heldPicoUsd: window.heldPicoUsd - released,
    spentPicoUsd: window.spentPicoUsd + added,
  }));
};

/**
 * Replaces a hold by what the call cost, in the windows of its reservation. The first settlement
 * counts, every other changes nothing. One that comes after the lease ran out corrects the estimate
 * that was charged. A cost above the hold is charged as it is: the provider's invoice says so.
 *
 * @throws RangeError if the cost is no whole number of pico-USD >= 0
 */
export const settleHold = (
  windows: readonly BudgetWindow[],
  hold: Hold,
  cost: { readonly picoUsd: number; readonly estimated: boolean },
): Charged => {
  assertPicoUsd(cost.picoUsd);
  if (hold.status === "settled") return { windows, hold, changed: false };
  const isOpen = hold.status === "open";
  return {
    windows: charge(
      windows,
      isOpen ? hold.picoUsd : 0,
      isOpen ? cost.picoUsd : cost.picoUsd - hold.chargedPicoUsd,
    ),
    hold: { status: "settled", chargedPicoUsd: cost.picoUsd, estimated: cost.estimated },
    changed: true,
  };
};

/**
 * Charges an open hold whose lease ran out, all of it: its call may have cost that much, and nobody
 * is left to say. Before that moment, and for a hold that is closed, nothing changes.
 */
export const expireHold = (
  windows: readonly BudgetWindow[],
  hold: Hold,
  nowMs: number,
): Charged => {
  if (hold.status !== "open" || nowMs < hold.leaseEndsAtMs) {
    return { windows, hold, changed: false };
  }
  return {
    windows: charge(windows, hold.picoUsd, hold.picoUsd),
    hold: { status: "expired", chargedPicoUsd: hold.picoUsd },
    changed: true,
  };
};

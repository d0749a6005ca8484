import { periodOf } from "./budget-period.ts";
import type { BudgetPeriod, TimeSpan } from "./budget-period.ts";

/** Limits and totals stay below this, pico-USD: what a signed 64-bit column or counter holds (9,223,372 USD). */
export const MOST_LIMIT_PICO_USD: bigint = 2n ** 63n - 1n;

/** What a budget allows. */
export type BudgetLimit = {
  readonly period: BudgetPeriod;
  readonly limitPicoUsd: bigint;
  /** `false` = spending is recorded and never refused. */
  readonly enforce: boolean;
};

/**
 * A budget in one of its windows. A window ends by another one beginning beside it: what is held in
 * it stays held in it, and is charged there, whenever its call ends. So a limit holds for what was
 * *begun* in a window, and a call that runs over midnight takes nothing from the new day.
 */
export type BudgetWindow = TimeSpan & {
  readonly limitPicoUsd: bigint;
  readonly enforce: boolean;
  /** Charged for calls that ended; may pass the limit only if one cost more than its hold. */
  readonly spentPicoUsd: bigint;
  /** Reserved for calls that run. */
  readonly heldPicoUsd: bigint;
};

/** The window of a budget that holds `nowMs`, with nothing spent. */
export const openWindow = (budget: BudgetLimit, nowMs: number): BudgetWindow => ({
  ...periodOf(budget.period, nowMs),
  limitPicoUsd: budget.limitPicoUsd,
  enforce: budget.enforce,
  spentPicoUsd: 0n,
  heldPicoUsd: 0n,
});

/** limit − spend − holds, pico-USD; below 0 if a limit was lowered or a call cost more than its hold. */
export const roomOf = (window: BudgetWindow): bigint =>
  window.limitPicoUsd - window.spentPicoUsd - window.heldPicoUsd;

/** The enforced window with the least room, of the first if several; `null` = none is enforced. */
export const tightestOf = (
  windows: readonly BudgetWindow[],
): { readonly index: number; readonly roomPicoUsd: bigint } | null => {
  let index = -1;
  let roomPicoUsd = 0n;
  windows.forEach((window, at) => {
    if (!window.enforce) return;
    const room = roomOf(window);
    if (index !== -1 && room >= roomPicoUsd) return;
    index = at;
    roomPicoUsd = room;
  });
  return index === -1 ? null : { index, roomPicoUsd };
};

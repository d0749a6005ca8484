import { openWindow } from "@pointsman/core/budget";
import type { BudgetWindow } from "@pointsman/core/budget";
import type { Budget, BudgetChange, BudgetStatus } from "./budget.ts";

/** A window that changes in place; holds point at it, so it lives as long as one does. */
export type WindowBox = { readonly of: BudgetWindows; window: BudgetWindow };

/** A budget with its current window and the ended ones in which calls still run. */
export type BudgetWindows = {
  budget: Budget;
  current: WindowBox | null;
  readonly ended: Map<number, WindowBox>;
  /** Counts and refuses nothing any more. */
  deleted: boolean;
};

const contains = ({ startMs, endMs }: BudgetWindow, nowMs: number): boolean =>
  nowMs >= startMs && (endMs === null || nowMs < endMs);

/** The window of `nowMs`; opens it, and puts the current one aside, if the moment is another one's. */
export const boxAt = (windows: BudgetWindows, nowMs: number): WindowBox => {
  const { current, ended, budget } = windows;
  if (current !== null && contains(current.window, nowMs)) return current;
  const fresh = openWindow(budget, nowMs);
  const known = ended.get(fresh.startMs);
  const box = known ?? { of: windows, window: fresh };
  // Clocks of several callers may differ by a little: an instant before the current window is not its end.
  if (current !== null && current.window.startMs > fresh.startMs) {
    ended.set(fresh.startMs, box);
    return box;
  }
  for (const [startMs, { window }] of ended) if (window.heldPicoUsd === 0n) ended.delete(startMs);
  if (current !== null) ended.set(current.window.startMs, current);
  windows.current = box;
  return box;
};

/** A budget with the amounts of one of its windows. */
export const statusOf = ({ of: { budget }, window }: WindowBox): BudgetStatus => ({
  ...budget,
  windowStartMs: window.startMs,
  windowEndMs: window.endMs,
  spentPicoUsd: window.spentPicoUsd,
  heldPicoUsd: window.heldPicoUsd,
});

/** The limit of a budget after a change. */
export const changedLimit = ({ limitPicoUsd }: Budget, change: BudgetChange): bigint =>
  (change.limitPicoUsd ?? limitPicoUsd) + (change.addLimitPicoUsd ?? 0n);

/** Changes a budget and every window of it that is still of use. */
export const changeBudget = (windows: BudgetWindows, change: BudgetChange): void => {
  const { budget } = windows;
  const { scope } = budget;
  windows.budget = {
    ...budget,
    limitPicoUsd: changedLimit(budget, change),
    enforce: change.enforce ?? budget.enforce,
    scope:
      change.includeByok !== undefined && "includeByok" in scope
        ? { ...scope, includeByok: change.includeByok }
        : scope,
    updatedAtMs: change.updatedAtMs,
  };
  const { limitPicoUsd, enforce } = windows.budget;
  const boxes = [...windows.ended.values(), ...(windows.current === null ? [] : [windows.current])];
  for (const box of boxes) box.window = { ...box.window, limitPicoUsd, enforce };
};

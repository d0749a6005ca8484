/** Budgets as pure transitions: windows, holds and what they bound. */
export { periodOf } from "./budget/budget-period.ts";
export { countsSpending } from "./budget/budget-scope.ts";
export { MOST_LIMIT_PICO_USD, openWindow, roomOf, tightestOf } from "./budget/budget-window.ts";
export { affordableOutputTokens, costBoundOf, holdOf } from "./budget/cost-bound.ts";
export { assertPicoUsd } from "./budget/hold.ts";
export { extendHold, reserveHold } from "./budget/reserve-hold.ts";
export { expireHold, settleHold } from "./budget/settle-hold.ts";
export type { BudgetPeriod, TimeSpan } from "./budget/budget-period.ts";
export type { BudgetScope, Spender } from "./budget/budget-scope.ts";
export type { BudgetLimit, BudgetWindow } from "./budget/budget-window.ts";
export type { CostBound, CostBoundQuestion } from "./budget/cost-bound.ts";
export type { Hold, HoldRequest, OpenHold } from "./budget/hold.ts";
export type { Granted, Refused } from "./budget/reserve-hold.ts";
export type { Charged } from "./budget/settle-hold.ts";

import { countsSpending } from "@pointsman/core/budget";
import type { BudgetStatus } from "@pointsman/store";
import { usdText } from "./usd.ts";

const leftOf = ({ limitPicoUsd, spentPicoUsd }: BudgetStatus): bigint =>
  limitPicoUsd - spentPicoUsd;

/** Limit and settled spend of what counts a key's calls, names and values in turn; of several per period the tightest. */
export const budgetHeaders = (
  budgets: readonly BudgetStatus[],
  keyId: string,
): readonly string[] => {
  const tightest = new Map<string, BudgetStatus>();
  for (const budget of budgets) {
    if (!countsSpending(budget.scope, { keyId, provider: "", byok: false })) continue;
    const known = tightest.get(budget.period);
    if (known === undefined || leftOf(budget) < leftOf(known)) tightest.set(budget.period, budget);
  }
  return [...tightest].flatMap(([period, { limitPicoUsd, spentPicoUsd }]) => [
    `x-budget-${period}-limit`,
    usdText(limitPicoUsd),
    `x-budget-${period}-spend`,
    usdText(spentPicoUsd),
  ]);
};

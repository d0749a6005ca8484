import { countsSpending } from "@pointsman/core/budget";
import type { BudgetStatus } from "@pointsman/store";
import { balanceMicroUsd, creditsOf, plainBudgets } from "./credits.ts";
import { usdText } from "./usd.ts";

const leftOf = ({ limitPicoUsd, spentPicoUsd }: BudgetStatus): bigint =>
  limitPicoUsd - spentPicoUsd;

/** Credits left, and limit and settled spend of what counts a key's calls, names and values in turn; of several per period the tightest. */
export const budgetHeaders = (
  budgets: readonly BudgetStatus[],
  keyId: string,
): readonly string[] => {
  const tightest = new Map<string, BudgetStatus>();
  for (const budget of plainBudgets(budgets)) {
    if (!countsSpending(budget.scope, { keyId, provider: "", byok: false })) continue;
    const known = tightest.get(budget.period);
    if (known === undefined || leftOf(budget) < leftOf(known)) tightest.set(budget.period, budget);
  }
  const credits = creditsOf(budgets);
  const balance =
    credits === null ? [] : ["x-credits-balance-microdollars", String(balanceMicroUsd(credits))];
  const limits = [...tightest].flatMap(([period, { limitPicoUsd, spentPicoUsd }]) => [
    `x-budget-${period}-limit`,
    usdText(limitPicoUsd),
    `x-budget-${period}-spend`,
    usdText(spentPicoUsd),
  ]);
  return [...limits, ...balance];
};

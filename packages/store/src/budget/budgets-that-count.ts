import { countsSpending, periodOf } from "@pointsman/core/budget";
import type { BudgetPeriod, BudgetScope, Spender } from "@pointsman/core/budget";
import { budgetKeyOf } from "./scope-key.ts";

const periods: readonly BudgetPeriod[] = ["daily", "weekly", "monthly", "total"];

/** Each period with the start of its window, side by side. */
export const windowStartsAt = (
  nowMs: number,
): { readonly periods: readonly BudgetPeriod[]; readonly starts: readonly number[] } => ({
  periods,
  starts: periods.map((period) => periodOf(period, nowMs).startMs),
});

/** Every scope that can count a spender; which of them do is core's to say. */
const scopesOf = ({ keyId, provider }: Spender): readonly BudgetScope[] => [
  { type: "credits" },
  { type: "byok" },
  { type: "byok_provider", provider },
  ...[false, true].flatMap((includeByok): BudgetScope[] => [
    { type: "workspace", includeByok },
    ...(keyId === null ? [] : [{ type: "api_key", keyId, includeByok } as const]),
  ]),
];

/** The budgets that count a spender, as the column `counts` names them, with the starts of their windows. */
export const countingAt = (
  spender: Spender,
  nowMs: number,
): { readonly names: readonly string[]; readonly starts: readonly number[] } => {
  const scopes = scopesOf(spender).filter((scope) => countsSpending(scope, spender));
  const names: string[] = [];
  const starts: number[] = [];
  for (const period of periods) {
    const { startMs } = periodOf(period, nowMs);
    for (const scope of scopes) {
      const byok = "includeByok" in scope && scope.includeByok ? "+byok" : "";
      names.push(`${budgetKeyOf({ scope, period })}${byok}`);
      starts.push(startMs);
    }
  }
  return { names, starts };
};

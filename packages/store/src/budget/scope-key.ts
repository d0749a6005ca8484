import type { BudgetScope } from "@pointsman/core/budget";
import type { Budget } from "./budget.ts";

/** Names whose spending a scope counts; `includeByok` is no part of it. */
const scopeKeyOf = (scope: BudgetScope): string => {
  switch (scope.type) {
    case "api_key":
      return `api_key:${scope.keyId}`;
    case "byok_provider":
      return `byok_provider:${scope.provider}`;
    case "workspace":
    case "byok":
    case "credits":
      break;
  }
  return scope.type;
};

/** Budgets of one workspace with the same key are duplicates: a unique index over it holds the rule. */
export const budgetKeyOf = (budget: Pick<Budget, "scope" | "period">): string =>
  `${budget.period}/${scopeKeyOf(budget.scope)}`;

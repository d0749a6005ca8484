import type { BudgetStatus, BudgetStore } from "@pointsman/store";
import { newBudgetId } from "../ids/ids.ts";
import { picoPerMicro } from "./usd.ts";

const isCredits = ({ scope }: BudgetStatus): boolean => scope.type === "credits";

/** The prepaid credits among a workspace's budgets; `null` = it has none. */
export const creditsOf = (budgets: readonly BudgetStatus[]): BudgetStatus | null =>
  budgets.find(isCredits) ?? null;

/** The budgets that are managed as such: neither credits nor the cap on own keys. */
export const plainBudgets = (budgets: readonly BudgetStatus[]): readonly BudgetStatus[] =>
  budgets.filter(({ scope }) => scope.type !== "credits" && scope.type !== "byok");

/** What is left of credits, whole micro-USD, rounded down. */
export const balanceMicroUsd = ({ limitPicoUsd, spentPicoUsd }: BudgetStatus): number => {
  const left = limitPicoUsd - spentPicoUsd;
  // An overdraft is rounded down, too.
  return Number(left >= 0n ? left / picoPerMicro : -((-left + picoPerMicro - 1n) / picoPerMicro));
};

/** Adds to a workspace's credits, and makes them with the first. */
export const addCredits = async (
  store: BudgetStore,
  workspaceId: string,
  { picoUsd, nowMs }: { readonly picoUsd: bigint; readonly nowMs: number },
): Promise<void> => {
  const fresh = {
    id: newBudgetId(),
    workspaceId,
    scope: { type: "credits" },
    period: "total",
    limitPicoUsd: picoUsd,
    enforce: true,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  } as const;
  if ((await store.create(fresh)) === "created") return;
  const known = creditsOf(await store.list(workspaceId, nowMs));
  if (known === null) throw new TypeError("credits that are there already are listed");
  const change = { addLimitPicoUsd: picoUsd, updatedAtMs: nowMs };
  await store.update(workspaceId, known.id, change);
};

import type { BudgetStatus, BudgetStore } from "@pointsman/store";
import { newBudgetId } from "../ids/ids.ts";

/** The monthly cap on a workspace's spending by own provider keys; `null` = there is none. */
export const byokCapOf = (budgets: readonly BudgetStatus[]): BudgetStatus | null =>
  budgets.find(({ scope, enforce }) => scope.type === "byok" && enforce) ?? null;

/** What a cap leaves, pico-USD, not below 0. */
export const leftOfCap = ({ limitPicoUsd, spentPicoUsd }: BudgetStatus): bigint =>
  limitPicoUsd > spentPicoUsd ? limitPicoUsd - spentPicoUsd : 0n;

/**
 * Sets the cap, or lifts it (`null`). One that is lifted goes on counting, so that one that is set again in the
 * same month knows what was spent; before the first there is no count.
 */
export const setByokCap = async (
  store: BudgetStore,
  workspaceId: string,
  { picoUsd, nowMs }: { readonly picoUsd: bigint | null; readonly nowMs: number },
): Promise<void> => {
  const known = (await store.list(workspaceId, nowMs)).find(({ scope }) => scope.type === "byok");
  if (known !== undefined) {
    const change = picoUsd === null ? { enforce: false } : { enforce: true, limitPicoUsd: picoUsd };
    await store.update(workspaceId, known.id, { ...change, updatedAtMs: nowMs });
    return;
  }
  if (picoUsd === null) return;
  const created = await store.create({
    id: newBudgetId(),
    workspaceId,
    scope: { type: "byok" },
    period: "monthly",
    limitPicoUsd: picoUsd,
    enforce: true,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  });
  // Somebody else was quicker: theirs is changed.
  if (created === "duplicate") await setByokCap(store, workspaceId, { picoUsd, nowMs });
};

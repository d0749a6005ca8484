import { createHash } from "node:crypto";
import { budgetKeyOf } from "@pointsman/store";
import type { Budget, BudgetStore } from "@pointsman/store";
import type { Config } from "../config/config.ts";
import { configuredKeyId } from "../auth/key-ring.ts";
import { picoOfUsd } from "./usd.ts";

/** Without the times, which the store keeps. */
type ConfiguredBudget = Omit<Budget, "createdAtMs" | "updatedAtMs">;

type Entry = Config["workspaces"][number]["budgets"][number];

const budgetOf = (workspaceId: string, scope: Budget["scope"], entry: Entry): ConfiguredBudget => {
  const { period, limitUsd, enforce } = entry;
  // The same at every start, so that what was spent stays with it.
  const name = `${workspaceId}\n${budgetKeyOf({ scope, period })}`;
  const id = `bdgt_${createHash("sha256").update(name).digest("hex").slice(0, 24)}`;
  return { id, workspaceId, scope, period, limitPicoUsd: picoOfUsd(limitUsd), enforce };
};

/** The budgets of a configuration: of its workspaces, and of its keys. */
export const configuredBudgets = (config: Config): readonly ConfiguredBudget[] => [
  ...config.workspaces.flatMap(({ id, budgets }) =>
    budgets.map((entry) => {
      const { includeByok } = entry;
      return budgetOf(id, { type: "workspace", includeByok }, entry);
    }),
  ),
  ...config.keys.flatMap(({ key, workspace, budgets }) =>
    budgets.map((entry) => {
      const { includeByok } = entry;
      const scope = { type: "api_key", keyId: configuredKeyId(key), includeByok } as const;
      return budgetOf(workspace, scope, entry);
    }),
  ),
];

/** Makes them where they are not yet, and gives those that are the limits of today. */
export const ensureBudgets = async (
  store: BudgetStore,
  budgets: readonly ConfiguredBudget[],
  nowMs: number,
): Promise<void> => {
  for (const budget of budgets) {
    const created = await store.create({ ...budget, createdAtMs: nowMs, updatedAtMs: nowMs });
    if (created === "created") continue;
    const { workspaceId, id, limitPicoUsd, enforce, scope } = budget;
    const byok = "includeByok" in scope ? { includeByok: scope.includeByok } : {};
    await store.update(workspaceId, id, { limitPicoUsd, enforce, ...byok, updatedAtMs: nowMs });
  }
};

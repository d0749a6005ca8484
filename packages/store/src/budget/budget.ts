import type { BudgetLimit, BudgetScope } from "@pointsman/core/budget";

/** A budget as it was made. One per workspace, scope and period. */
export type Budget = BudgetLimit & {
  /** Unique over all workspaces. */
  readonly id: string;
  readonly workspaceId: string;
  readonly scope: BudgetScope;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
};

/** A budget in the window that a moment falls into. */
export type BudgetStatus = Budget & {
  readonly windowStartMs: number;
  /** `null` = never ends. */
  readonly windowEndMs: number | null;
  readonly spentPicoUsd: bigint;
  readonly heldPicoUsd: bigint;
};

/** What of a budget can change; absent = stays. */
export type BudgetChange = {
  readonly limitPicoUsd?: bigint;
  /** On top of what the limit is at that instant; not beside `limitPicoUsd`. */
  readonly addLimitPicoUsd?: bigint;
  readonly enforce?: boolean;
  /** Ignored by scopes that have no such choice. */
  readonly includeByok?: boolean;
  readonly updatedAtMs: number;
};

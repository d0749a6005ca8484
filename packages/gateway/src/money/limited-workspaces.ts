import type { BudgetStore } from "@pointsman/store";

/** Which workspaces have budgets or credits, known without asking the store. */
export class LimitedWorkspaces {
  /** Whether one of its budgets is enforced. */
  readonly #enforced = new Map<string, boolean>();

  has(workspaceId: string): boolean {
    return this.#enforced.has(workspaceId);
  }

  /** Whether calls may be refused there for want of money. */
  isEnforced(workspaceId: string): boolean {
    return this.#enforced.get(workspaceId) === true;
  }

  /** Looks again; to be called once a budget was made, changed or taken away. */
  async look(store: BudgetStore, workspaceId: string, nowMs: number): Promise<void> {
    const budgets = await store.list(workspaceId, nowMs);
    if (budgets.length === 0) this.#enforced.delete(workspaceId);
    else {
      const enforced = budgets.some(({ enforce }) => enforce);
      this.#enforced.set(workspaceId, enforced);
    }
  }
}

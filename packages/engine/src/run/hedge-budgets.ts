import type { RunConduct } from "./conduct.ts";

/** Hedges that a workspace may have saved up. */
const mostSaved = 5;

/** What workspaces may spend on second attempts: a share of their requests. */
export class HedgeBudgets {
  readonly #saved = new Map<string, number>();

  /** A request has come in. */
  deposit(workspace: string, { hedge }: RunConduct): void {
    if (hedge === "off") return;
    const saved = this.#saved.get(workspace) ?? 0;
    this.#saved.set(workspace, Math.min(mostSaved, saved + hedge.budgetShare));
  }

  /** Takes one hedge if there is one. */
  spend(workspace: string): boolean {
    const saved = this.#saved.get(workspace) ?? 0;
    if (saved < 1) return false;
    this.#saved.set(workspace, saved - 1);
    return true;
  }
}

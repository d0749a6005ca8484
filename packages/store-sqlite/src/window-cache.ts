import { openWindow, periodOf } from "@pointsman/core/budget";
import type { BudgetWindow } from "@pointsman/core/budget";
import type { Budget } from "@pointsman/store";
import { bigintOf, nullableNumberOf } from "./database.ts";
import type { Database } from "./database.ts";
import { budgetOf } from "./budget-row.ts";

/** A budget with its window, as a step works on it. */
export type Place = { readonly budget: Budget; window: BudgetWindow };

const nameOf = (budgetId: string, startMs: number): string => `${budgetId} ${startMs}`;

/**
 * Budgets and windows as the file has them, kept between transactions while no other process has
 * written to it. Windows that steps change are written once, with the transaction.
 */
export class WindowCache {
  readonly #db: Database;
  /** By workspace, in the order they were made. */
  readonly #budgets = new Map<string, readonly Budget[]>();
  readonly #byId = new Map<string, Budget>();
  readonly #places = new Map<string, Place>();
  readonly #changed = new Set<Place>();

  constructor(db: Database) {
    this.#db = db;
    db.attach({
      // What was kept may be of another time.
      outdated: () => this.#clear(),
      flush: () => this.#flush(),
    });
  }

  /** Within a transaction. */
  budgetsOf(workspaceId: string): readonly Budget[] {
    let budgets = this.#budgets.get(workspaceId);
    if (budgets === undefined) {
      budgets = this.#db
        .all("SELECT * FROM budgets WHERE workspace_id = ? ORDER BY seq", workspaceId)
        .map((row) => budgetOf(row));
      this.#budgets.set(workspaceId, budgets);
      for (const budget of budgets) this.#byId.set(budget.id, budget);
    }
    return budgets;
  }

  /** The window that a moment falls into; opened if it is not there. */
  placeAt(budget: Budget, nowMs: number): Place {
    const { startMs } = periodOf(budget.period, nowMs);
    const known = this.#place(budget, startMs);
    if (known !== null) return known;
    const place = { budget, window: openWindow(budget, nowMs) };
    this.#places.set(nameOf(budget.id, startMs), place);
    return place;
  }

  /** A window by its beginning; `null` = it or its budget is not there. */
  placeOf(budgetId: string, startMs: number): Place | null {
    let budget = this.#byId.get(budgetId);
    if (budget === undefined) {
      const row = this.#db.get("SELECT * FROM budgets WHERE id = ?", budgetId);
      if (row === null) return null;
      budget = budgetOf(row);
      this.#byId.set(budgetId, budget);
    }
    return this.#place(budget, startMs);
  }

  /** Sets a place's window to what a step made of it. */
  change(place: Place, window: BudgetWindow): void {
    place.window = window;
    this.#changed.add(place);
  }

  /** To be called once budgets of the file were changed, within the same transaction. */
  budgetsChanged(): void {
    this.#flush();
    this.#clear();
  }

  #place(budget: Budget, startMs: number): Place | null {
    const name = nameOf(budget.id, startMs);
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const row = this.#db.get(
      "SELECT * FROM windows WHERE budget_id = ? AND start_ms = ?",
      budget.id,
      startMs,
    );
    if (row === null) return null;
    const place = {
      budget,
      window: {
        startMs,
        endMs: nullableNumberOf(row, "end_ms"),
        limitPicoUsd: budget.limitPicoUsd,
        enforce: budget.enforce,
        spentPicoUsd: bigintOf(row, "spent_pico_usd"),
        heldPicoUsd: bigintOf(row, "held_pico_usd"),
      },
    };
    this.#places.set(name, place);
    return place;
  }

  #flush(): void {
    for (const { budget, window } of this.#changed) {
      this.#db.run(
        `INSERT INTO windows (budget_id, start_ms, end_ms, spent_pico_usd, held_pico_usd)
           VALUES (?, ?, ?, ?, ?) ON CONFLICT (budget_id, start_ms) DO UPDATE SET
           spent_pico_usd = excluded.spent_pico_usd, held_pico_usd = excluded.held_pico_usd`,
        budget.id,
        window.startMs,
        window.endMs,
        window.spentPicoUsd,
        window.heldPicoUsd,
      );
    }
    this.#changed.clear();
  }

  #clear(): void {
    this.#budgets.clear();
    this.#byId.clear();
    this.#places.clear();
    this.#changed.clear();
  }
}

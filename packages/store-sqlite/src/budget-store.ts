import {
  assertPicoUsd,
  countsSpending,
  expireHold,
  extendHold,
  MOST_LIMIT_PICO_USD,
  openWindow,
  periodOf,
  reserveHold,
  settleHold,
} from "@pointsman/core/budget";
import type { BudgetWindow, Hold, HoldRequest } from "@pointsman/core/budget";
import { budgetKeyOf } from "@pointsman/store";
import type {
  Budget,
  BudgetStatus,
  BudgetStore,
  ExpiredHold,
  HoldClosed,
  HoldGranted,
  HoldRefused,
} from "@pointsman/store";
import { budgetOf } from "./budget-row.ts";
import { bigintOf, numberOf, textOf } from "./database.ts";
import type { Database, Row } from "./database.ts";
import { WindowCache } from "./window-cache.ts";
import type { Place } from "./window-cache.ts";

/** So many closed holds are remembered at least, so that a second settlement is known as one. */
const closedHolds = 20_000;
/** They are forgotten in bulk. */
const forgetEvery = 1000;

const closed: HoldClosed = { status: "closed" };

/** Where a hold is held: budget and start of its window. */
type HeldIn = readonly (readonly [budgetId: string, startMs: number])[];

const assertLimit = (limitPicoUsd: bigint): void => {
  if (limitPicoUsd < 0n || limitPicoUsd > MOST_LIMIT_PICO_USD) {
    throw new RangeError(`a limit must be from 0 to 2^63 - 1 pico-USD: ${limitPicoUsd}`);
  }
};

const holdOf = (row: Row): Hold => {
  const picoUsd = numberOf(row, "pico_usd");
  switch (textOf(row, "status")) {
    case "open":
      return { status: "open", picoUsd, leaseEndsAtMs: numberOf(row, "lease_ends_at_ms") };
    case "expired":
      return { status: "expired", chargedPicoUsd: picoUsd };
    default:
      return { status: "settled", chargedPicoUsd: picoUsd, estimated: false };
  }
};

const statusOf = ({ budget, window }: Place): BudgetStatus => ({
  ...budget,
  windowStartMs: window.startMs,
  windowEndMs: window.endMs,
  spentPicoUsd: window.spentPicoUsd,
  heldPicoUsd: window.heldPicoUsd,
});

const windowsOf = (places: readonly Place[]): readonly BudgetWindow[] =>
  places.map(({ window }) => window);

const refusalOf = (
  places: readonly Place[],
  { by, roomPicoUsd }: { readonly by: number; readonly roomPicoUsd: bigint },
): HoldRefused => {
  const place = places[by];
  if (place === undefined) throw new RangeError(`no window ${by} of ${places.length}`);
  return { status: "refused", budget: statusOf(place), roomPicoUsd };
};

/** Budgets and holds in tables; the steps are core's, within one transaction each. */
export class SqliteBudgetStore implements BudgetStore {
  readonly #db: Database;
  readonly #windows: WindowCache;
  #sinceForgotten = 0;

  constructor(db: Database) {
    this.#db = db;
    this.#windows = new WindowCache(db);
  }

  create(budget: Budget): Promise<"created" | "duplicate"> {
    return this.#db.write(() => {
      assertLimit(budget.limitPicoUsd);
      const changes = this.#db.run(
        `INSERT INTO budgets (id, workspace_id, budget_key, scope, period, limit_pico_usd, enforce,
           created_at_ms, updated_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        budget.id,
        budget.workspaceId,
        budgetKeyOf(budget),
        JSON.stringify(budget.scope),
        budget.period,
        budget.limitPicoUsd,
        budget.enforce ? 1 : 0,
        budget.createdAtMs,
        budget.updatedAtMs,
      );
      this.#windows.budgetsChanged();
      return changes === 1 ? "created" : "duplicate";
    });
  }

  async get(workspaceId: string, budgetId: string, nowMs: number): Promise<BudgetStatus | null> {
    const row = this.#db.get(
      "SELECT * FROM budgets WHERE workspace_id = ? AND id = ?",
      workspaceId,
      budgetId,
    );
    return row === null ? null : this.#statusAt(budgetOf(row), nowMs);
  }

  async list(workspaceId: string, nowMs: number): Promise<readonly BudgetStatus[]> {
    return this.#db
      .all("SELECT * FROM budgets WHERE workspace_id = ? ORDER BY created_at_ms, seq", workspaceId)
      .map((row) => this.#statusAt(budgetOf(row), nowMs));
  }

  update(...[workspaceId, budgetId, change]: Parameters<BudgetStore["update"]>): Promise<boolean> {
    return this.#db.write(() => {
      const row = this.#db.get(
        "SELECT * FROM budgets WHERE workspace_id = ? AND id = ?",
        workspaceId,
        budgetId,
      );
      if (row === null) return false;
      const { scope, limitPicoUsd, enforce } = budgetOf(row);
      const limit = (change.limitPicoUsd ?? limitPicoUsd) + (change.addLimitPicoUsd ?? 0n);
      assertLimit(limit);
      const changed =
        change.includeByok !== undefined && "includeByok" in scope
          ? { ...scope, includeByok: change.includeByok }
          : scope;
      this.#db.run(
        "UPDATE budgets SET limit_pico_usd = ?, enforce = ?, scope = ?, updated_at_ms = ? WHERE id = ?",
        limit,
        (change.enforce ?? enforce) ? 1 : 0,
        JSON.stringify(changed),
        change.updatedAtMs,
        budgetId,
      );
      this.#windows.budgetsChanged();
      return true;
    });
  }

  delete(workspaceId: string, budgetId: string): Promise<boolean> {
    return this.#db.write(() => {
      // What is held in it is written first, and goes with it.
      this.#windows.budgetsChanged();
      const changes = this.#db.run(
        "DELETE FROM budgets WHERE workspace_id = ? AND id = ?",
        workspaceId,
        budgetId,
      );
      if (changes === 1) this.#db.run("DELETE FROM windows WHERE budget_id = ?", budgetId);
      return changes === 1;
    });
  }

  reserve(
    ...[reservation]: Parameters<BudgetStore["reserve"]>
  ): Promise<HoldGranted | HoldRefused | HoldClosed> {
    return this.#db.writePlain(() => {
      const { holdId, workspaceId, spender, leaseEndsAtMs, nowMs, memo } = reservation;
      const places: Place[] = [];
      for (const budget of this.#windows.budgetsOf(workspaceId)) {
        if (countsSpending(budget.scope, spender)) {
          places.push(this.#windows.placeAt(budget, nowMs));
        }
      }
      const step = reserveHold(windowsOf(places), reservation);
      if (step.status === "refused") {
        const known = this.#hold(holdId);
        return known === null ? refusalOf(places, step) : this.#renew(known, leaseEndsAtMs);
      }
      const heldIn: HeldIn = places.map(({ budget, window }) => [budget.id, window.startMs]);
      const added = this.#db.run(
        `INSERT INTO holds (id, workspace_id, status, pico_usd, lease_ends_at_ms, windows, memo)
           VALUES (?, ?, 'open', ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        holdId,
        workspaceId,
        step.hold.picoUsd,
        leaseEndsAtMs,
        JSON.stringify(heldIn),
        memo,
      );
      if (added === 0) {
        const known = this.#hold(holdId);
        return known === null ? closed : this.#renew(known, leaseEndsAtMs);
      }
      this.#store(places, step.windows);
      return { status: "granted", heldPicoUsd: step.hold.picoUsd, roomPicoUsd: step.roomPicoUsd };
    });
  }

  extend(
    ...[extension]: Parameters<BudgetStore["extend"]>
  ): Promise<HoldGranted | HoldRefused | HoldClosed> {
    return this.#db.writePlain(() => {
      const row = this.#hold(extension.holdId);
      if (row === null) return closed;
      const held = numberOf(row, "pico_usd");
      return this.#addTo(row, {
        leastPicoUsd: Math.max(0, extension.leastTotalPicoUsd - held),
        wantedPicoUsd: Math.max(0, extension.wantedTotalPicoUsd - held),
        leaseEndsAtMs: extension.leaseEndsAtMs,
      });
    });
  }

  settle(...[settlement]: Parameters<BudgetStore["settle"]>): ReturnType<BudgetStore["settle"]> {
    return this.#db.writePlain(() => {
      assertPicoUsd(settlement.picoUsd);
      const row = this.#hold(settlement.holdId);
      if (row === null) return { status: "unknown" } as const;
      const hold = holdOf(row);
      if (hold.status === "settled") return { status: "already" } as const;
      const places = this.#placesOf(row);
      const step = settleHold(windowsOf(places), hold, settlement);
      this.#close(settlement.holdId, "settled", settlement.picoUsd);
      this.#store(places, step.windows);
      return { status: hold.status === "expired" ? "corrected" : "settled" } as const;
    });
  }

  sweep(...[{ nowMs, limit }]: Parameters<BudgetStore["sweep"]>): Promise<readonly ExpiredHold[]> {
    return this.#db.write(() => {
      const due = this.#db.all(
        "SELECT * FROM holds WHERE status = 'open' AND lease_ends_at_ms <= ? ORDER BY seq LIMIT ?",
        nowMs,
        limit,
      );
      return due.flatMap((row): ExpiredHold[] => {
        const places = this.#placesOf(row);
        const step = expireHold(windowsOf(places), holdOf(row), nowMs);
        if (step.hold.status !== "expired") return [];
        const holdId = textOf(row, "id");
        const { chargedPicoUsd } = step.hold;
        this.#store(places, step.windows);
        this.#close(holdId, "expired", chargedPicoUsd);
        const workspaceId = textOf(row, "workspace_id");
        return [{ holdId, workspaceId, chargedPicoUsd, memo: textOf(row, "memo") }];
      });
    });
  }

  /** A reservation that is repeated holds nothing more. */
  #renew(row: Row, leaseEndsAtMs: number): HoldGranted | HoldRefused | HoldClosed {
    return this.#addTo(row, { leastPicoUsd: 0, wantedPicoUsd: 0, leaseEndsAtMs });
  }

  #addTo(row: Row, request: HoldRequest): HoldGranted | HoldRefused | HoldClosed {
    const hold = holdOf(row);
    if (hold.status !== "open") return closed;
    const places = this.#placesOf(row);
    const step = extendHold(windowsOf(places), hold, request);
    if (step.status === "refused") return refusalOf(places, step);
    this.#db.run(
      "UPDATE holds SET pico_usd = ?, lease_ends_at_ms = ? WHERE id = ?",
      step.hold.picoUsd,
      step.hold.leaseEndsAtMs,
      textOf(row, "id"),
    );
    this.#store(places, step.windows);
    return { status: "granted", heldPicoUsd: step.hold.picoUsd, roomPicoUsd: step.roomPicoUsd };
  }

  #hold(holdId: string): Row | null {
    return this.#db.get("SELECT * FROM holds WHERE id = ?", holdId);
  }

  #close(holdId: string, status: "settled" | "expired", picoUsd: number): void {
    this.#db.run("UPDATE holds SET status = ?, pico_usd = ? WHERE id = ?", status, picoUsd, holdId);
    this.#sinceForgotten += 1;
    if (this.#sinceForgotten < forgetEvery) return;
    this.#sinceForgotten = 0;
    this.#db.run(
      `DELETE FROM holds WHERE status <> 'open' AND seq < (
         SELECT seq FROM holds WHERE status <> 'open' ORDER BY seq DESC LIMIT 1 OFFSET ?)`,
      closedHolds,
    );
  }

  /** Where a hold is held; budgets that were deleted meanwhile are left out. */
  #placesOf(row: Row): readonly Place[] {
    const heldIn = JSON.parse(textOf(row, "windows")) as HeldIn;
    return heldIn.flatMap(([budgetId, startMs]): Place[] => {
      const place = this.#windows.placeOf(budgetId, startMs);
      return place === null ? [] : [place];
    });
  }

  #store(places: readonly Place[], windows: readonly BudgetWindow[]): void {
    places.forEach((place, index) => {
      const window = windows[index];
      if (window !== undefined) this.#windows.change(place, window);
    });
  }

  /** As the file has it, outside of any transaction. */
  #statusAt(budget: Budget, nowMs: number): BudgetStatus {
    const { startMs } = periodOf(budget.period, nowMs);
    const row = this.#db.get(
      "SELECT * FROM windows WHERE budget_id = ? AND start_ms = ?",
      budget.id,
      startMs,
    );
    const window = openWindow(budget, nowMs);
    if (row === null) return statusOf({ budget, window });
    const spentPicoUsd = bigintOf(row, "spent_pico_usd");
    const heldPicoUsd = bigintOf(row, "held_pico_usd");
    return statusOf({ budget, window: { ...window, spentPicoUsd, heldPicoUsd } });
  }
}

import { assertPicoUsd, MOST_LIMIT_PICO_USD, periodOf } from "@pointsman/core/budget";
import type { BudgetPeriod, BudgetScope } from "@pointsman/core/budget";
import { budgetKeyOf, countingAt, windowStartsAt } from "@pointsman/store";
import type {
  Budget,
  BudgetStatus,
  BudgetStore,
  ExpiredHold,
  HoldClosed,
  HoldGranted,
  HoldRefused,
} from "@pointsman/store";
import type { Database, Value } from "./database.ts";
import { bigintOf, numberOf, textOf } from "./row.ts";
import type { Row } from "./row.ts";

/** So many closed holds are remembered at least, so that a second settlement is known as one. */
const closedHolds = 20_000;
/** They are forgotten in bulk. */
const forgetEvery = 1000;

const assertLimit = (limitPicoUsd: bigint): void => {
  if (limitPicoUsd < 0n || limitPicoUsd > MOST_LIMIT_PICO_USD) {
    throw new RangeError(`a limit must be from 0 to 2^63 - 1 pico-USD: ${limitPicoUsd}`);
  }
};

const assertAmounts = (leastPicoUsd: number, wantedPicoUsd: number): void => {
  assertPicoUsd(leastPicoUsd);
  assertPicoUsd(wantedPicoUsd);
  if (leastPicoUsd > wantedPicoUsd) {
    throw new RangeError(`the least exceeds the wanted: ${leastPicoUsd} > ${wantedPicoUsd}`);
  }
};

const statusOf = (row: Row): BudgetStatus => {
  // Both written by this store alone.
  const scope = JSON.parse(textOf(row, "scope")) as BudgetScope;
  const period = textOf(row, "period") as BudgetPeriod;
  const windowStartMs = numberOf(row, "start_ms");
  return {
    id: textOf(row, "id"),
    workspaceId: textOf(row, "workspace_id"),
    scope: "includeByok" in scope ? { ...scope, includeByok: row["include_byok"] === true } : scope,
    period,
    limitPicoUsd: bigintOf(row, "limit_pico_usd"),
    enforce: row["enforce"] === true,
    createdAtMs: numberOf(row, "created_at_ms"),
    updatedAtMs: numberOf(row, "updated_at_ms"),
    windowStartMs,
    windowEndMs: periodOf(period, windowStartMs).endMs,
    spentPicoUsd: bigintOf(row, "spent_pico_usd"),
    heldPicoUsd: bigintOf(row, "window_held_pico_usd"),
  };
};

const answerOf = (row: Row): HoldGranted | HoldRefused | HoldClosed => {
  switch (textOf(row, "status")) {
    case "granted":
      return {
        status: "granted",
        heldPicoUsd: numberOf(row, "held_pico_usd"),
        roomPicoUsd: row["room_pico_usd"] === null ? null : bigintOf(row, "room_pico_usd"),
      };
    case "refused":
      return {
        status: "refused",
        budget: statusOf(row),
        roomPicoUsd: bigintOf(row, "room_pico_usd"),
      };
    default:
      return { status: "closed" };
  }
};

/** Codes with which PostgreSQL says that a limit is below 0 or above 2^63 - 1. */
const limitFaults: readonly unknown[] = ["22003", "23514"];

/** Budgets and holds in tables; each step is one statement, within which core's algebra is said in SQL. */
export class PostgresBudgetStore implements BudgetStore {
  readonly #db: Database;
  #sinceForgotten = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  async create(budget: Budget): Promise<"created" | "duplicate"> {
    assertLimit(budget.limitPicoUsd);
    const { scope } = budget;
    const changes = await this.#db.changes(
      `INSERT INTO ${this.#db.schema}.budgets (id, workspace_id, budget_key, scope, include_byok, period,
         limit_pico_usd, enforce, created_at_ms, updated_at_ms)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
      budget.id,
      budget.workspaceId,
      budgetKeyOf(budget),
      JSON.stringify(scope),
      "includeByok" in scope ? scope.includeByok : null,
      budget.period,
      budget.limitPicoUsd,
      budget.enforce,
      budget.createdAtMs,
      budget.updatedAtMs,
    );
    return changes === 1 ? "created" : "duplicate";
  }

  async get(workspaceId: string, budgetId: string, nowMs: number): Promise<BudgetStatus | null> {
    return (await this.#statuses(workspaceId, budgetId, nowMs))[0] ?? null;
  }

  list(workspaceId: string, nowMs: number): Promise<readonly BudgetStatus[]> {
    return this.#statuses(workspaceId, null, nowMs);
  }

  async update(
    ...[workspaceId, budgetId, change]: Parameters<BudgetStore["update"]>
  ): Promise<boolean> {
    try {
      const changes = await this.#db.changes(
        `UPDATE ${this.#db.schema}.budgets SET
           limit_pico_usd = (coalesce($3::NUMERIC, limit_pico_usd) + $4::NUMERIC)::BIGINT,
           enforce = coalesce($5, enforce),
           include_byok = CASE WHEN include_byok IS NOT NULL THEN coalesce($6, include_byok) END,
           updated_at_ms = $7
         WHERE workspace_id = $1 AND id = $2`,
        workspaceId,
        budgetId,
        // Text, for NUMERIC: the sum may be what no BIGINT holds.
        change.limitPicoUsd === undefined ? null : String(change.limitPicoUsd),
        String(change.addLimitPicoUsd ?? 0n),
        change.enforce ?? null,
        change.includeByok ?? null,
        change.updatedAtMs,
      );
      return changes === 1;
    } catch (error) {
      if (error instanceof Error && "code" in error && limitFaults.includes(error.code)) {
        throw new RangeError("a limit must be from 0 to 2^63 - 1 pico-USD", { cause: error });
      }
      throw error;
    }
  }

  async delete(workspaceId: string, budgetId: string): Promise<boolean> {
    const [row] = await this.#db.rows(
      `SELECT ${this.#db.schema}.delete_budget($1, $2) AS deleted`,
      workspaceId,
      budgetId,
    );
    return row?.["deleted"] === true;
  }

  async reserve(
    ...[reservation]: Parameters<BudgetStore["reserve"]>
  ): Promise<HoldGranted | HoldRefused | HoldClosed> {
    const { holdId, workspaceId, spender, leastPicoUsd, wantedPicoUsd } = reservation;
    assertAmounts(leastPicoUsd, wantedPicoUsd);
    const { names, starts } = countingAt(spender, reservation.nowMs);
    for (;;) {
      // Once more only if the same reservation was made at the same moment.
      const row = await this.#answer(
        "reserve($1, $2, $3, $4, $5, $6, $7, $8)",
        holdId,
        workspaceId,
        leastPicoUsd,
        wantedPicoUsd,
        reservation.leaseEndsAtMs,
        reservation.memo,
        names,
        starts,
      );
      if (textOf(row, "status") !== "again") return answerOf(row);
    }
  }

  async extend(
    ...[extension]: Parameters<BudgetStore["extend"]>
  ): Promise<HoldGranted | HoldRefused | HoldClosed> {
    const { holdId, leastTotalPicoUsd, wantedTotalPicoUsd, leaseEndsAtMs } = extension;
    assertAmounts(leastTotalPicoUsd, wantedTotalPicoUsd);
    return answerOf(
      await this.#answer(
        "extend($1, $2, $3, $4)",
        holdId,
        leastTotalPicoUsd,
        wantedTotalPicoUsd,
        leaseEndsAtMs,
      ),
    );
  }

  async settle(
    ...[settlement]: Parameters<BudgetStore["settle"]>
  ): ReturnType<BudgetStore["settle"]> {
    assertPicoUsd(settlement.picoUsd);
    const [row] = await this.#db.rows(
      `SELECT ${this.#db.schema}.settle($1, $2) AS status`,
      settlement.holdId,
      settlement.picoUsd,
    );
    this.#forget(1);
    // The function's own words.
    return row as Awaited<ReturnType<BudgetStore["settle"]>>;
  }

  async sweep({
    nowMs,
    limit,
  }: Parameters<BudgetStore["sweep"]>[0]): Promise<readonly ExpiredHold[]> {
    const rows = await this.#db.rows(
      `SELECT * FROM ${this.#db.schema}.sweep($1, $2) ORDER BY seq`,
      Math.floor(nowMs),
      limit,
    );
    this.#forget(rows.length);
    return rows.map((row) => ({
      holdId: textOf(row, "id"),
      workspaceId: textOf(row, "workspace_id"),
      chargedPicoUsd: numberOf(row, "pico_usd"),
      memo: textOf(row, "memo"),
    }));
  }

  async #answer(call: string, ...values: readonly Value[]): Promise<Row> {
    const [row] = await this.#db.rows(`SELECT * FROM ${this.#db.schema}.${call}`, ...values);
    if (row === undefined) throw new Error(`no row from ${call}`);
    return row;
  }

  async #statuses(
    workspaceId: string,
    budgetId: string | null,
    nowMs: number,
  ): Promise<readonly BudgetStatus[]> {
    const { schema } = this.#db;
    const { periods, starts } = windowStartsAt(nowMs);
    const rows = await this.#db.rows(
      `SELECT b.*, p.start_ms, w.spent_pico_usd, w.held_pico_usd AS window_held_pico_usd
       FROM ${schema}.budgets b
       JOIN unnest($3::TEXT[], $4::BIGINT[]) AS p (period, start_ms) ON p.period = b.period
       LEFT JOIN ${schema}.windows w ON w.budget_seq = b.seq AND w.start_ms = p.start_ms
       WHERE b.workspace_id = $1 AND ($2::TEXT IS NULL OR b.id = $2)
       ORDER BY b.created_at_ms, b.seq`,
      workspaceId,
      budgetId,
      periods,
      starts,
    );
    return rows.map((row) => statusOf(row));
  }

  /** Not waited for: what is left over is forgotten the next time. */
  #forget(closed: number): void {
    this.#sinceForgotten += closed;
    if (this.#sinceForgotten < forgetEvery) return;
    this.#sinceForgotten = 0;
    const { schema } = this.#db;
    const forgetting = this.#db.changes(
      `DELETE FROM ${schema}.holds WHERE id IN (
         SELECT id FROM ${schema}.holds WHERE closed_seq < (
           SELECT closed_seq FROM ${schema}.holds WHERE closed_seq IS NOT NULL
             ORDER BY closed_seq DESC LIMIT 1 OFFSET $1)
         FOR UPDATE SKIP LOCKED)`,
      closedHolds,
    );
    forgetting.catch(() => {});
  }
}

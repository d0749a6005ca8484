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
import { listOf, textOf } from "./connection.ts";
import type { Connection, Reply } from "./connection.ts";

/** So many closed holds are remembered, so that a second settlement is known as one. */
const closedHolds = 20_000;

const limitFault = (limit: string): RangeError =>
  new RangeError(`a limit must be from 0 to 2^63 - 1 pico-USD: ${limit}`);

const assertAmounts = (leastPicoUsd: number, wantedPicoUsd: number): void => {
  assertPicoUsd(leastPicoUsd);
  assertPicoUsd(wantedPicoUsd);
  if (leastPicoUsd > wantedPicoUsd) {
    throw new RangeError(`the least exceeds the wanted: ${leastPicoUsd} > ${wantedPicoUsd}`);
  }
};

/** `a, b` and `1, 2` as `a, 1, b, 2`. */
const inTurn = (
  names: readonly string[],
  starts: readonly number[],
): readonly (string | number)[] => names.flatMap((name, index) => [name, starts[index] ?? 0]);

const flagOf = (flag: boolean | undefined): "" | "0" | "1" =>
  flag === undefined ? "" : flag ? "1" : "0";

const statusOf = (reply: Reply | undefined): BudgetStatus => {
  const [
    id,
    workspaceId,
    scope,
    byok,
    period,
    limit,
    enforce,
    created,
    updated,
    spent,
    held,
    start,
  ] = listOf(reply ?? null).map((part) => textOf(part));
  // Both written by this store alone.
  const madeScope = JSON.parse(scope ?? "") as BudgetScope;
  const madePeriod = period as BudgetPeriod;
  const windowStartMs = Number(start);
  return {
    id: id ?? "",
    workspaceId: workspaceId ?? "",
    scope: "includeByok" in madeScope ? { ...madeScope, includeByok: byok === "1" } : madeScope,
    period: madePeriod,
    limitPicoUsd: BigInt(limit ?? ""),
    enforce: enforce === "1",
    createdAtMs: Number(created),
    updatedAtMs: Number(updated),
    windowStartMs,
    windowEndMs: periodOf(madePeriod, windowStartMs).endMs,
    // Absent, and so 0, where the window was not opened yet.
    spentPicoUsd: BigInt(spent ?? ""),
    heldPicoUsd: BigInt(held ?? ""),
  };
};

const answerOf = (reply: Reply): HoldGranted | HoldRefused | HoldClosed => {
  const [status, amount, detail] = listOf(reply);
  switch (status) {
    case "granted":
      return {
        status: "granted",
        heldPicoUsd: Number(amount),
        roomPicoUsd: typeof detail === "string" ? BigInt(detail) : null,
      };
    case "refused":
      return {
        status: "refused",
        budget: statusOf(detail),
        roomPicoUsd: BigInt(textOf(amount)),
      };
    default:
      return { status: "closed" };
  }
};

/** Budgets and holds; each step is one script. They lie on one node of a cluster, which counts them all. */
export class RedisBudgetStore implements BudgetStore {
  readonly #redis: Connection;
  readonly #base: string;

  constructor(redis: Connection) {
    this.#redis = redis;
    this.#base = `${redis.prefix}:{budgets}`;
  }

  async create(budget: Budget): Promise<"created" | "duplicate"> {
    const { scope, limitPicoUsd } = budget;
    if (limitPicoUsd < 0n || limitPicoUsd > MOST_LIMIT_PICO_USD) {
      throw limitFault(String(limitPicoUsd));
    }
    const created = await this.#redis.run(
      "budgetCreate",
      this.#base,
      budget.id,
      budget.workspaceId,
      budgetKeyOf(budget),
      JSON.stringify(scope),
      flagOf("includeByok" in scope ? scope.includeByok : undefined),
      budget.period,
      String(limitPicoUsd),
      flagOf(budget.enforce),
      budget.createdAtMs,
      budget.updatedAtMs,
    );
    return created === 1 ? "created" : "duplicate";
  }

  async get(workspaceId: string, budgetId: string, nowMs: number): Promise<BudgetStatus | null> {
    return (await this.#statuses(workspaceId, budgetId, nowMs))[0] ?? null;
  }

  async list(workspaceId: string, nowMs: number): Promise<readonly BudgetStatus[]> {
    const statuses = await this.#statuses(workspaceId, "", nowMs);
    return statuses.toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  }

  async update(
    ...[workspaceId, budgetId, change]: Parameters<BudgetStore["update"]>
  ): Promise<boolean> {
    const limit = change.limitPicoUsd === undefined ? "" : String(change.limitPicoUsd);
    const added = String(change.addLimitPicoUsd ?? 0n);
    const updated = await this.#redis.run(
      "budgetUpdate",
      this.#base,
      workspaceId,
      budgetId,
      limit,
      added,
      flagOf(change.enforce),
      flagOf(change.includeByok),
      change.updatedAtMs,
    );
    if (updated === -1) throw limitFault(`${limit === "" ? "what it was" : limit} + ${added}`);
    return updated === 1;
  }

  async delete(workspaceId: string, budgetId: string): Promise<boolean> {
    return (await this.#redis.run("budgetDelete", this.#base, workspaceId, budgetId)) === 1;
  }

  async reserve(
    ...[reservation]: Parameters<BudgetStore["reserve"]>
  ): Promise<HoldGranted | HoldRefused | HoldClosed> {
    const { leastPicoUsd, wantedPicoUsd, spender, nowMs } = reservation;
    assertAmounts(leastPicoUsd, wantedPicoUsd);
    const { names, starts } = countingAt(spender, nowMs);
    return answerOf(
      await this.#redis.run(
        "holdReserve",
        this.#base,
        reservation.holdId,
        reservation.workspaceId,
        leastPicoUsd,
        wantedPicoUsd,
        reservation.leaseEndsAtMs,
        reservation.memo,
        ...inTurn(names, starts),
      ),
    );
  }

  async extend(
    ...[extension]: Parameters<BudgetStore["extend"]>
  ): Promise<HoldGranted | HoldRefused | HoldClosed> {
    const { holdId, leastTotalPicoUsd, wantedTotalPicoUsd, leaseEndsAtMs } = extension;
    assertAmounts(leastTotalPicoUsd, wantedTotalPicoUsd);
    return answerOf(
      await this.#redis.run(
        "holdExtend",
        this.#base,
        holdId,
        leastTotalPicoUsd,
        wantedTotalPicoUsd,
        leaseEndsAtMs,
      ),
    );
  }

  async settle(
    ...[{ holdId, picoUsd }]: Parameters<BudgetStore["settle"]>
  ): ReturnType<BudgetStore["settle"]> {
    assertPicoUsd(picoUsd);
    const status = await this.#redis.run("holdSettle", this.#base, holdId, picoUsd, closedHolds);
    // The script's own words.
    return { status } as Awaited<ReturnType<BudgetStore["settle"]>>;
  }

  async sweep({
    nowMs,
    limit,
  }: Parameters<BudgetStore["sweep"]>[0]): Promise<readonly ExpiredHold[]> {
    const swept = await this.#redis.run("holdSweep", this.#base, nowMs, limit, closedHolds);
    return listOf(swept).map((reply) => {
      const [holdId, workspaceId, amount, memo] = listOf(reply).map((part) => textOf(part));
      return {
        holdId: holdId ?? "",
        workspaceId: workspaceId ?? "",
        chargedPicoUsd: Number(amount),
        memo: memo ?? "",
      };
    });
  }

  /** By number. @param budgetId empty = all */
  async #statuses(
    workspaceId: string,
    budgetId: string,
    nowMs: number,
  ): Promise<readonly BudgetStatus[]> {
    const { periods, starts } = windowStartsAt(nowMs);
    const found = await this.#redis.run(
      "budgetList",
      this.#base,
      workspaceId,
      budgetId,
      ...inTurn(periods, starts),
    );
    return listOf(found).map((reply) => statusOf(reply));
  }
}

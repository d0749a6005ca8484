import type {
  Clock,
  Purse,
  PurseAnswer,
  PurseBill,
  PurseExtension,
  PurseOrder,
} from "@pointsman/engine";
import type { BudgetStore } from "@pointsman/store";
import type { Principal } from "../auth/key-ring.ts";
import { budgetError } from "./budget-error.ts";
import { holdMemo } from "./hold-memo.ts";
import type { UsageRecord } from "./usage-record.ts";

/** What a purse pays from. */
export type PurseOptions = {
  readonly budgets: BudgetStore;
  /** Whether calls are refused that cannot be asked a budget for. */
  readonly refusesWithoutStore: boolean;
  readonly record: UsageRecord;
  /** Names the request's holds, with a number behind. */
  readonly name: string;
  readonly clock: Clock;
  readonly principal: Principal;
  readonly requestId: string;
  /** The caller's first tag. */
  readonly tag: string | null;
  /** Hears of a settlement that could not be written: its hold is charged when its lease ends. */
  readonly onLost: (error: unknown) => void;
};

const unavailable: PurseAnswer = {
  status: "refused",
  error: {
    code: "service_unavailable",
    message: "Budgets cannot be reached, and calls they limit are not made without them.",
    param: null,
  },
};

/** As much as is wanted: nothing limits it. */
const open = (heldPicoUsd: number): PurseAnswer => ({
  status: "granted",
  heldPicoUsd,
  roomPicoUsd: null,
});

/** The money of one request: every attempt has a hold of its own. */
export const createPurse = (options: PurseOptions): Purse => {
  const { budgets, record, name, clock, principal, requestId, tag, onLost } = options;
  const orders = new Map<number, PurseOrder>();
  const begunAtMs = clock.nowMs();
  return {
    reserve: async (order: PurseOrder): Promise<PurseAnswer> => {
      const nowMs = clock.nowMs();
      orders.set(order.attempt, order);
      try {
        const reserved = await budgets.reserve({
          holdId: `${name}.${order.attempt}`,
          workspaceId: principal.workspace,
          spender: { keyId: principal.keyId, provider: order.provider, byok: order.byok },
          leastPicoUsd: order.leastPicoUsd,
          wantedPicoUsd: order.wantedPicoUsd,
          leaseEndsAtMs: nowMs + order.leaseMs,
          nowMs,
          memo: holdMemo(order, { requestId, keyId: principal.keyId, atMs: begunAtMs, tag }),
        });
        if (reserved.status === "refused") {
          return { status: "refused", error: budgetError(reserved.budget, nowMs) };
        }
        // A fresh id is never that of a hold that was closed.
        if (reserved.status === "closed") throw new TypeError("a hold was closed before it began");
        const { heldPicoUsd, roomPicoUsd } = reserved;
        return { status: "granted", heldPicoUsd, roomPicoUsd };
      } catch (error) {
        onLost(error);
        return options.refusesWithoutStore ? unavailable : open(order.wantedPicoUsd);
      }
    },
    extend: async ({ attempt, leaseMs, ...totals }: PurseExtension): Promise<PurseAnswer> => {
      const nowMs = clock.nowMs();
      try {
        const extended = await budgets.extend({
          ...totals,
          holdId: `${name}.${attempt}`,
          leaseEndsAtMs: nowMs + leaseMs,
        });
        if (extended.status === "granted") {
          const { heldPicoUsd, roomPicoUsd } = extended;
          return { status: "granted", heldPicoUsd, roomPicoUsd };
        }
        return extended.status === "refused"
          ? { status: "refused", error: budgetError(extended.budget, nowMs) }
          : unavailable;
      } catch (error) {
        onLost(error);
        // What runs has its hold; while the store is away it runs on that.
        return options.refusesWithoutStore ? unavailable : open(totals.wantedTotalPicoUsd);
      }
    },
    settle: async (bill: PurseBill): Promise<void> => {
      const { attempt, picoUsd, estimated } = bill;
      const order = orders.get(attempt);
      const settling = budgets.settle({ holdId: `${name}.${attempt}`, picoUsd, estimated });
      const recording = order === undefined ? undefined : record.attempt(order, bill);
      try {
        await settling;
      } catch (error) {
        onLost(error);
      }
      await recording;
    },
  };
};

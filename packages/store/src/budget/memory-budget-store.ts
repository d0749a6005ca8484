import {
  assertPicoUsd,
  countsSpending,
  expireHold,
  extendHold,
  MOST_LIMIT_PICO_USD,
  reserveHold,
  settleHold,
} from "@pointsman/core/budget";
import type { BudgetWindow, Granted, HoldRequest, Refused } from "@pointsman/core/budget";
import type {
  BudgetStore,
  ExpiredHold,
  HoldClosed,
  HoldGranted,
  HoldRefused,
} from "./budget-store.ts";
import { boxAt, changeBudget, changedLimit, statusOf } from "./budget-windows.ts";
import type { BudgetWindows, WindowBox } from "./budget-windows.ts";
import { createHoldBook } from "./hold-book.ts";
import type { BookedHold } from "./hold-book.ts";
import { budgetKeyOf } from "./scope-key.ts";

export type MemoryBudgetOptions = {
  /**
   * How many closed holds are remembered, so that a second settlement is known as one; >= 1.
   *
   * @default 20_000
   */
  readonly closedHolds?: number;
};

const closed: HoldClosed = { status: "closed" };

const assertLimit = (limitPicoUsd: bigint): void => {
  if (limitPicoUsd < 0n || limitPicoUsd > MOST_LIMIT_PICO_USD) {
    throw new RangeError(`a limit must be from 0 to 2^63 - 1 pico-USD: ${limitPicoUsd}`);
  }
};

const windowsOf = (boxes: readonly WindowBox[]): readonly BudgetWindow[] =>
  boxes.map(({ window }) => window);

/** Writes the windows after a step into their boxes; same order. */
const store = (boxes: readonly WindowBox[], windows: readonly BudgetWindow[]): void => {
  boxes.forEach((box, index) => {
    box.window = windows[index] ?? box.window;
  });
};

const refusalOf = (boxes: readonly WindowBox[], { by, roomPicoUsd }: Refused): HoldRefused => {
  const box = boxes[by];
  if (box === undefined) throw new RangeError(`no window ${by} of ${boxes.length}`);
  return { status: "refused", budget: statusOf(box), roomPicoUsd };
};

const grantOf = (boxes: readonly WindowBox[], step: Granted): HoldGranted => {
  store(boxes, step.windows);
  return {
    status: "granted",
    heldPicoUsd: step.hold.picoUsd,
    roomPicoUsd: step.roomPicoUsd,
  };
};

const addTo = (
  booked: BookedHold,
  request: HoldRequest,
): HoldGranted | HoldRefused | HoldClosed => {
  if (booked.hold.status !== "open") return closed;
  const boxes = booked.boxes.filter(({ of }) => !of.deleted);
  const step = extendHold(windowsOf(boxes), booked.hold, request);
  if (step.status === "refused") return refusalOf(boxes, step);
  booked.hold = step.hold;
  return grantOf(boxes, step);
};

/** Budgets in this process's memory: exact, atomic, gone with the process. */
export const createMemoryBudgetStore = (options: MemoryBudgetOptions = {}): BudgetStore => {
  const workspaces = new Map<string, Map<string, BudgetWindows>>();
  const holds = createHoldBook(options.closedHolds ?? 20_000);

  const find = (workspaceId: string, budgetId: string): BudgetWindows | null =>
    workspaces.get(workspaceId)?.get(budgetId) ?? null;

  return {
    async create(budget) {
      assertLimit(budget.limitPicoUsd);
      const budgets = workspaces.get(budget.workspaceId) ?? new Map<string, BudgetWindows>();
      for (const known of budgets.values()) {
        if (known.budget.id === budget.id || budgetKeyOf(known.budget) === budgetKeyOf(budget))
          return "duplicate";
      }
      budgets.set(budget.id, {
        budget,
        current: null,
        ended: new Map(),
        deleted: false,
      });
      workspaces.set(budget.workspaceId, budgets);
      return "created";
    },

    async get(workspaceId, budgetId, nowMs) {
      const found = find(workspaceId, budgetId);
      return found === null ? null : statusOf(boxAt(found, nowMs));
    },

    async list(workspaceId, nowMs) {
      return [...(workspaces.get(workspaceId)?.values() ?? [])]
        .map((windows) => statusOf(boxAt(windows, nowMs)))
        .sort((a, b) => a.createdAtMs - b.createdAtMs);
    },

    async update(workspaceId, budgetId, change) {
      const found = find(workspaceId, budgetId);
      if (found === null) return false;
      assertLimit(changedLimit(found.budget, change));
      changeBudget(found, change);
      return true;
    },

    async delete(workspaceId, budgetId) {
      const found = find(workspaceId, budgetId);
      if (found === null) return false;
      found.deleted = true;
      return workspaces.get(workspaceId)?.delete(budgetId) ?? false;
    },

    async reserve(reservation) {
      const { holdId, workspaceId, spender, memo, nowMs } = reservation;
      const known = holds.find(holdId);
      if (known === "settled") return closed;
      if (known !== undefined) {
        return addTo(known, {
          leastPicoUsd: 0,
          wantedPicoUsd: 0,
          leaseEndsAtMs: reservation.leaseEndsAtMs,
        });
      }
      const boxes: WindowBox[] = [];
      for (const windows of workspaces.get(workspaceId)?.values() ?? []) {
        if (countsSpending(windows.budget.scope, spender)) boxes.push(boxAt(windows, nowMs));
      }
      const step = reserveHold(windowsOf(boxes), reservation);
      if (step.status === "refused") return refusalOf(boxes, step);
      holds.add({
        holdId,
        workspaceId,
        memo,
        boxes,
        hold: step.hold,
        isClosed: false,
        before: null,
        after: null,
      });
      return grantOf(boxes, step);
    },

    async extend({ holdId, leastTotalPicoUsd, wantedTotalPicoUsd, leaseEndsAtMs }) {
      const booked = holds.find(holdId);
      if (booked === undefined || booked === "settled" || booked.hold.status !== "open") {
        return closed;
      }
      const held = booked.hold.picoUsd;
      return addTo(booked, {
        leastPicoUsd: Math.max(0, leastTotalPicoUsd - held),
        wantedPicoUsd: Math.max(0, wantedTotalPicoUsd - held),
        leaseEndsAtMs,
      });
    },

    async settle(settlement) {
      assertPicoUsd(settlement.picoUsd);
      const booked = holds.find(settlement.holdId);
      if (booked === undefined) return { status: "unknown" };
      if (booked === "settled") return { status: "already" };
      const before = booked.hold.status;
      const step = settleHold(windowsOf(booked.boxes), booked.hold, settlement);
      store(booked.boxes, step.windows);
      booked.hold = step.hold;
      holds.close(booked);
      return { status: before === "expired" ? "corrected" : "settled" };
    },

    async sweep({ nowMs, limit }) {
      const swept: ExpiredHold[] = [];
      let booked = holds.oldestOpen();
      while (booked !== null && swept.length < limit) {
        const next: BookedHold | null = booked.after;
        const step = expireHold(windowsOf(booked.boxes), booked.hold, nowMs);
        if (step.hold.status === "expired") {
          store(booked.boxes, step.windows);
          booked.hold = step.hold;
          holds.close(booked);
          const { holdId, workspaceId, memo } = booked;
          swept.push({ holdId, workspaceId, chargedPicoUsd: step.hold.chargedPicoUsd, memo });
        }
        booked = next;
      }
      return swept;
    },
  };
};

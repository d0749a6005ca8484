import { describe, expect, it } from "vitest";
import { openWindow, roomOf } from "./budget-window.ts";
import type { BudgetLimit, BudgetWindow } from "./budget-window.ts";
import type { OpenHold } from "./hold.ts";
import { extendHold, reserveHold } from "./reserve-hold.ts";
import type { Granted, Refused } from "./reserve-hold.ts";
import { expireHold, settleHold } from "./settle-hold.ts";

const budget = (limitPicoUsd: bigint, enforce = true): BudgetLimit => ({
  period: "daily",
  limitPicoUsd,
  enforce,
});
const windowOf = (limitPicoUsd: bigint, enforce = true): BudgetWindow =>
  openWindow(budget(limitPicoUsd, enforce), 0);
const asking = (leastPicoUsd: number, wantedPicoUsd = leastPicoUsd, leaseEndsAtMs = 1000) => ({
  leastPicoUsd,
  wantedPicoUsd,
  leaseEndsAtMs,
});
const granted = (step: Granted | Refused): Granted => {
  if (step.status === "refused") throw new Error(`refused: ${step.roomPicoUsd}`);
  return step;
};
const amounts = (windows: readonly BudgetWindow[]): readonly (readonly bigint[])[] =>
  windows.map(({ spentPicoUsd, heldPicoUsd }) => [spentPicoUsd, heldPicoUsd]);

describe("reserveHold", () => {
  it("holds in all windows or in none, and names the tightest", () => {
    const windows = [windowOf(100n), windowOf(30n), windowOf(50n)];
    expect(reserveHold(windows, asking(31))).toEqual({
      status: "refused",
      by: 1,
      roomPicoUsd: 30n,
    });
    const step = granted(reserveHold(windows, asking(10, 20)));
    expect(amounts(step.windows)).toEqual([
      [0n, 20n],
      [0n, 20n],
      [0n, 20n],
    ]);
    expect(step).toMatchObject({ grantedPicoUsd: 20, roomPicoUsd: 10n });
  });

  it("takes what is left where that is less than wanted and enough", () => {
    const step = granted(reserveHold([windowOf(30n), windowOf(100n)], asking(30, 80)));
    expect(step).toMatchObject({ grantedPicoUsd: 30, roomPicoUsd: 0n });
    expect(step.hold).toEqual({ status: "open", picoUsd: 30, leaseEndsAtMs: 1000 });
  });

  it("is never refused by a budget that only records", () => {
    const step = granted(reserveHold([windowOf(5n, false)], asking(10, 20)));
    expect(step).toMatchObject({ grantedPicoUsd: 20, roomPicoUsd: null });
    expect(amounts(step.windows)).toEqual([[0n, 20n]]);
    expect(granted(reserveHold([], asking(1, 2)))).toMatchObject({ grantedPicoUsd: 2 });
  });

  it("lets a free call through where nothing is left, not where more than that is gone", () => {
    expect(reserveHold([windowOf(0n)], asking(0)).status).toBe("granted");
    const overspent = { ...windowOf(10n), spentPicoUsd: 11n };
    expect(reserveHold([overspent], asking(0)).status).toBe("refused");
  });

  it.each([
    [1.5, 2],
    [-1, 2],
    [3, 2],
    [1, Number.MAX_SAFE_INTEGER + 1],
    [Number.NaN, 2],
  ])("refuses amounts that are none: %d of %d", (least, wanted) => {
    expect(() => reserveHold([windowOf(100n)], asking(least, wanted))).toThrow(RangeError);
  });
});

describe("extendHold", () => {
  it("adds to the hold and renews the lease, or changes nothing", () => {
    const first = granted(reserveHold([windowOf(30n)], asking(10)));
    const more = granted(extendHold(first.windows, first.hold, asking(5, 15, 2000)));
    expect(more.hold).toEqual({ status: "open", picoUsd: 25, leaseEndsAtMs: 2000 });
    expect(amounts(more.windows)).toEqual([[0n, 25n]]);
    expect(extendHold(more.windows, more.hold, asking(6, 15, 3000))).toEqual({
      status: "refused",
      by: 0,
      roomPicoUsd: 5n,
    });
  });

  it("renews the lease of a running call even where a limit was lowered below its hold", () => {
    const first = granted(reserveHold([windowOf(30n)], asking(10)));
    const lowered = first.windows.map((window) => ({ ...window, limitPicoUsd: 5n }));
    const renewed = granted(extendHold(lowered, first.hold, asking(0, 7, 9000)));
    expect(renewed.hold).toEqual({ status: "open", picoUsd: 10, leaseEndsAtMs: 9000 });
    expect(amounts(renewed.windows)).toEqual([[0n, 10n]]);
  });
});

describe("settleHold and expireHold", () => {
  const first = granted(reserveHold([windowOf(30n), windowOf(100n)], asking(10, 20)));
  const cost = (picoUsd: number, estimated = false) => ({ picoUsd, estimated });

  it("the first settlement counts, in every window", () => {
    const once = settleHold(first.windows, first.hold, cost(7));
    expect(amounts(once.windows)).toEqual([
      [7n, 0n],
      [7n, 0n],
    ]);
    const twice = settleHold(once.windows, once.hold, cost(9));
    expect(twice).toEqual({ windows: once.windows, hold: once.hold, changed: false });
    expect(expireHold(once.windows, once.hold, 1e9).changed).toBe(false);
  });

  it("a lease that ran out is charged its hold", () => {
    expect(expireHold(first.windows, first.hold, 999).changed).toBe(false);
    const expired = expireHold(first.windows, first.hold, 1000);
    expect(expired.hold).toEqual({ status: "expired", chargedPicoUsd: 20 });
    expect(amounts(expired.windows)).toEqual([
      [20n, 0n],
      [20n, 0n],
    ]);
    expect(expireHold(expired.windows, expired.hold, 2000).changed).toBe(false);
    const late = settleHold(expired.windows, expired.hold, cost(7));
    expect(late.hold).toEqual({ status: "settled", chargedPicoUsd: 7, estimated: false });
    expect(amounts(late.windows)).toEqual([
      [7n, 0n],
      [7n, 0n],
    ]);
  });

  it("an invoice above the hold is charged, and refuses what comes after it", () => {
    const over = settleHold(first.windows, first.hold, cost(31));
    expect(over.windows.map(roomOf)).toEqual([-1n, 69n]);
    expect(reserveHold(over.windows, asking(0))).toMatchObject({ status: "refused", by: 0 });
  });

  it("is exact beyond 2^53", () => {
    const big = 2n ** 60n + 1n;
    const step = granted(
      reserveHold([{ ...windowOf(big), spentPicoUsd: 2n ** 60n - 4n }], asking(1, 5)),
    );
    expect(step).toMatchObject({ grantedPicoUsd: 5, roomPicoUsd: 0n });
    const settled = settleHold(step.windows, step.hold satisfies OpenHold, cost(5));
    expect(amounts(settled.windows)).toEqual([[big, 0n]]);
  });

  it("a call that runs over midnight stays in the day it began in", () => {
    const daily = budget(100n);
    const noon = openWindow(daily, 43_200_000);
    const begun = granted(reserveHold([noon], asking(60)));
    const nextDay = openWindow(daily, 90_000_000);
    expect(nextDay.startMs).toBe(noon.endMs);
    expect(roomOf(nextDay)).toBe(100n);
    const done = settleHold(begun.windows, begun.hold, cost(55));
    expect(amounts(done.windows)).toEqual([[55n, 0n]]);
    expect(done.windows[0]?.startMs).toBe(0);
  });
});

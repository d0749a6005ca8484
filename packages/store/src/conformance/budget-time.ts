import { exampleBudget, exampleReservation, HOUR_MS, MINUTE_MS, NOON_MS } from "./examples.ts";
import type { Suite } from "./test-kit.ts";

const MIDNIGHT_MS = NOON_MS + 12 * HOUR_MS;

export const budgetTime = ({ test, expect }: Suite): void => {
  test("a lease that ran out is charged its hold, once, and told to one sweep", async ({
    budgets,
  }) => {
    await budgets.create(exampleBudget());
    await budgets.reserve(exampleReservation("h", { wantedPicoUsd: 70 }));
    await budgets.reserve(exampleReservation("i", { leaseEndsAtMs: NOON_MS + HOUR_MS }));
    const sweep = (nowMs: number) => budgets.sweep({ nowMs, limit: 10 });
    expect(await sweep(NOON_MS + MINUTE_MS - 1)).toEqual([]);
    const expired = { holdId: "h", workspaceId: "w", chargedPicoUsd: 70, memo: "memo of h" };
    expect(await sweep(NOON_MS + MINUTE_MS)).toEqual([expired]);
    expect(await sweep(NOON_MS + 2 * MINUTE_MS)).toEqual([]);
    const status = await budgets.get("w", "b", NOON_MS);
    expect([status?.spentPicoUsd, status?.heldPicoUsd]).toEqual([70n, 100n]);
  });

  test("a settlement after that corrects the charge", async ({ budgets }) => {
    await budgets.create(exampleBudget());
    await budgets.reserve(exampleReservation("h", { wantedPicoUsd: 70 }));
    await budgets.sweep({ nowMs: NOON_MS + MINUTE_MS, limit: 10 });
    const late = { holdId: "h", picoUsd: 30, estimated: false };
    const extension = { holdId: "h", leastTotalPicoUsd: 0, wantedTotalPicoUsd: 0 };
    const extended = await budgets.extend({ ...extension, leaseEndsAtMs: NOON_MS + HOUR_MS });
    expect(extended).toEqual({ status: "closed" });
    expect(await budgets.settle(late)).toEqual({ status: "corrected" });
    expect(await budgets.settle(late)).toEqual({ status: "already" });
    expect((await budgets.get("w", "b", NOON_MS))?.spentPicoUsd).toBe(30n);
  });

  test("an extension renews the lease, a sweep takes so many and no more", async ({ budgets }) => {
    for (const holdId of ["h1", "h2", "h3"]) await budgets.reserve(exampleReservation(holdId));
    const leaseEndsAtMs = NOON_MS + HOUR_MS;
    await budgets.extend({
      holdId: "h2",
      leastTotalPicoUsd: 0,
      wantedTotalPicoUsd: 0,
      leaseEndsAtMs,
    });
    const idsAt = async (nowMs: number, limit: number) =>
      (await budgets.sweep({ nowMs, limit })).map(({ holdId }) => holdId);
    expect(await idsAt(NOON_MS + MINUTE_MS, 1)).toEqual(["h1"]);
    expect(await idsAt(NOON_MS + MINUTE_MS, 9)).toEqual(["h3"]);
    expect(await idsAt(leaseEndsAtMs, 9)).toEqual(["h2"]);
  });

  test("a window begins with nothing spent, to the millisecond", async ({ budgets }) => {
    await budgets.create(exampleBudget({ limitPicoUsd: 100n }));
    await budgets.reserve(exampleReservation("h", { nowMs: MIDNIGHT_MS - 1 }));
    const late = exampleReservation("i", { wantedPicoUsd: 1, nowMs: MIDNIGHT_MS - 1 });
    const refused = await budgets.reserve(late);
    expect(refused.status === "refused" && refused.budget.windowEndMs).toBe(MIDNIGHT_MS);
    const granted = await budgets.reserve({ ...late, nowMs: MIDNIGHT_MS });
    expect(granted).toEqual({ status: "granted", heldPicoUsd: 1, roomPicoUsd: 99n });
  });

  test("a call that runs over the end of a window stays in it", async ({ budgets }) => {
    await budgets.create(exampleBudget({ limitPicoUsd: 100n }));
    const leaseEndsAtMs = MIDNIGHT_MS + HOUR_MS;
    const before = { nowMs: MIDNIGHT_MS - 1, leaseEndsAtMs };
    await budgets.reserve(exampleReservation("h", { ...before, wantedPicoUsd: 60 }));
    await budgets.reserve(exampleReservation("i", { nowMs: MIDNIGHT_MS, wantedPicoUsd: 90 }));
    const extend = (total: number) =>
      budgets.extend({
        holdId: "h",
        leastTotalPicoUsd: total,
        wantedTotalPicoUsd: total,
        leaseEndsAtMs,
      });
    const extended = { status: "granted", heldPicoUsd: 95, roomPicoUsd: 5n };
    expect(await extend(95), "the old day has room").toEqual(extended);
    expect((await extend(101)).status, "but a limit, too").toBe("refused");
    await budgets.settle({ holdId: "h", picoUsd: 80, estimated: false });
    const today = await budgets.get("w", "b", MIDNIGHT_MS);
    expect([today?.spentPicoUsd, today?.heldPicoUsd]).toEqual([0n, 90n]);
    await budgets.settle({ holdId: "i", picoUsd: 90, estimated: false });
    const rest = await budgets.reserve(
      exampleReservation("j", { nowMs: MIDNIGHT_MS, wantedPicoUsd: 10 }),
    );
    expect(rest).toEqual({ status: "granted", heldPicoUsd: 10, roomPicoUsd: 0n });
  });

  test("a changed limit holds in an ended window with calls still running", async ({ budgets }) => {
    await budgets.create(exampleBudget({ limitPicoUsd: 100n }));
    const leaseEndsAtMs = MIDNIGHT_MS + HOUR_MS;
    const nowMs = MIDNIGHT_MS - 1;
    await budgets.reserve(exampleReservation("h", { nowMs, leaseEndsAtMs }));
    await budgets.get("w", "b", MIDNIGHT_MS);
    await budgets.update("w", "b", { limitPicoUsd: 150n, updatedAtMs: MIDNIGHT_MS });
    const extension = { leastTotalPicoUsd: 150, wantedTotalPicoUsd: 150, leaseEndsAtMs };
    const granted = { status: "granted", heldPicoUsd: 150, roomPicoUsd: 0n };
    expect(await budgets.extend({ holdId: "h", ...extension })).toEqual(granted);
  });

  test("clocks that differ by a little do not open a window twice", async ({ budgets }) => {
    await budgets.create(exampleBudget({ limitPicoUsd: 100n }));
    const at = (holdId: string, nowMs: number, wantedPicoUsd: number) =>
      budgets.reserve(exampleReservation(holdId, { nowMs, wantedPicoUsd }));
    await at("h", MIDNIGHT_MS - 2, 70);
    await budgets.settle({ holdId: "h", picoUsd: 70, estimated: false });
    await at("i", MIDNIGHT_MS, 10);
    expect((await at("j", MIDNIGHT_MS - 1, 31)).status).toBe("refused");
    expect((await at("k", MIDNIGHT_MS - 1, 30)).status).toBe("granted");
    const today = await at("l", MIDNIGHT_MS + 1, 90);
    expect(today).toEqual({ status: "granted", heldPicoUsd: 90, roomPicoUsd: 0n });
  });
};

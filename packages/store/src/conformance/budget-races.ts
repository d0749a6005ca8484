import { exampleBudget, exampleReservation, HOUR_MS, MINUTE_MS, NOON_MS } from "./examples.ts";
import type { Suite } from "./test-kit.ts";

const CALLERS = 1000;
const ROOM_FOR = 137;
const PRICE = 100;

/** Lets others go first a number of times that differs from caller to caller. */
const jostle = async (caller: number): Promise<void> => {
  for (let turn = (caller * 7919) % 11; turn > 0; turn--) await Promise.resolve();
};

export const budgetRaces = ({ test, expect }: Suite): void => {
  test("of many reservations at once exactly those with room are granted", async ({
    budgets,
  }, handles) => {
    const limitPicoUsd = BigInt(ROOM_FOR * PRICE + PRICE - 1);
    await budgets.create(exampleBudget({ id: "tight", limitPicoUsd }));
    await budgets.create(
      exampleBudget({ id: "wide", period: "monthly", limitPicoUsd: 10n ** 15n }),
    );
    const callers = Array.from({ length: CALLERS }, (_, caller) => caller);
    const handleOf = (caller: number) => handles[caller % handles.length]?.budgets ?? budgets;
    const outcomes = await Promise.all(
      callers.map(async (caller) => {
        await jostle(caller);
        return handleOf(caller).reserve(
          exampleReservation(`h${caller}`, {
            wantedPicoUsd: PRICE,
            leaseEndsAtMs: NOON_MS + HOUR_MS,
          }),
        );
      }),
    );
    const granted = callers.filter((caller) => outcomes[caller]?.status === "granted");
    expect(granted.length).toBe(ROOM_FOR);
    const held = BigInt(ROOM_FOR * PRICE);
    expect((await budgets.get("w", "tight", NOON_MS))?.heldPicoUsd).toBe(held);
    expect((await budgets.get("w", "wide", NOON_MS))?.heldPicoUsd, "all or nothing").toBe(held);

    // Every call ends twice, in any order, while sweeps run.
    const costOf = (caller: number): number => PRICE - (caller % 3);
    const settlements = await Promise.all(
      [...granted, ...granted].map(async (caller, index) => {
        await jostle(caller + index);
        await handleOf(index).sweep({ nowMs: NOON_MS, limit: 3 });
        return handleOf(index).settle({
          holdId: `h${caller}`,
          picoUsd: costOf(caller),
          estimated: false,
        });
      }),
    );
    const counted = settlements.filter(({ status }) => status === "settled").length;
    expect(counted).toBe(ROOM_FOR);
    const spent = BigInt(granted.reduce((sum, caller) => sum + costOf(caller), 0));
    for (const id of ["tight", "wide"]) {
      const status = await budgets.get("w", id, NOON_MS);
      expect([status?.spentPicoUsd, status?.heldPicoUsd], id).toEqual([spent, 0n]);
    }
  });

  test("calls that grow side by side share the room and never pass the limit", async ({
    budgets,
  }, handles) => {
    await budgets.create(exampleBudget({ limitPicoUsd: 10_000n }));
    const callers = Array.from({ length: 50 }, (_, caller) => caller);
    const results = await Promise.all(
      callers.map(async (caller) => {
        const store = handles[caller % handles.length]?.budgets ?? budgets;
        const holdId = `h${caller}`;
        const first = await store.reserve(exampleReservation(holdId, { wantedPicoUsd: 10 }));
        if (first.status !== "granted") return { held: 0, over: false };
        let held = first.heldPicoUsd;
        let over = false;
        for (let step = 1; step <= 10; step++) {
          await jostle(caller + step);
          const total = 10 + step * 40;
          const more = await store.extend({
            holdId,
            leastTotalPicoUsd: total - 39,
            wantedTotalPicoUsd: total,
            leaseEndsAtMs: NOON_MS + MINUTE_MS,
          });
          if (more.status === "granted") held = more.heldPicoUsd;
          const status = await store.get("w", "b", NOON_MS);
          over ||= status === null || status.spentPicoUsd + status.heldPicoUsd > 10_000n;
        }
        return { held, over };
      }),
    );
    expect(results.some(({ over }) => over)).toBe(false);
    const held = results.reduce((sum, result) => sum + result.held, 0);
    expect((await budgets.get("w", "b", NOON_MS))?.heldPicoUsd).toBe(BigInt(held));
    expect(held > 9_000, "the room is used").toBe(true);
  });

  test("of sweeps at once each expired hold goes to one", async ({ budgets }, handles) => {
    await budgets.create(exampleBudget({ limitPicoUsd: 10n ** 9n }));
    for (let call = 0; call < 60; call++) await budgets.reserve(exampleReservation(`h${call}`));
    const sweeps = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        await jostle(index);
        const store = handles[index % handles.length]?.budgets ?? budgets;
        return store.sweep({ nowMs: NOON_MS + MINUTE_MS, limit: 7 });
      }),
    );
    const swept = sweeps.flat().map(({ holdId }) => holdId);
    expect(swept.length).toBe(60);
    expect(new Set(swept).size).toBe(60);
    const status = await budgets.get("w", "b", NOON_MS);
    expect([status?.spentPicoUsd, status?.heldPicoUsd]).toEqual([6000n, 0n]);
  });
};

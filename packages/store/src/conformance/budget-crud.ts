import { MOST_LIMIT_PICO_USD } from "@pointsman/core/budget";
import { exampleBudget, exampleReservation, NOON_MS } from "./examples.ts";
import { failureOf } from "./test-kit.ts";
import type { Suite } from "./test-kit.ts";

const DAY_START_MS = Date.UTC(2026, 2, 4);

export const budgetCrud = ({ test, expect }: Suite): void => {
  test("a budget is there as it was made, with nothing spent", async ({ budgets }) => {
    const budget = exampleBudget({ limitPicoUsd: MOST_LIMIT_PICO_USD });
    expect(await budgets.create(budget)).toBe("created");
    const expected = {
      ...budget,
      windowStartMs: DAY_START_MS,
      windowEndMs: DAY_START_MS + 86_400_000,
      spentPicoUsd: 0n,
      heldPicoUsd: 0n,
    };
    expect(await budgets.get("w", "b", NOON_MS)).toEqual(expected);
    expect(await budgets.list("w", NOON_MS)).toEqual([expected]);
    expect(await budgets.get("w", "c", NOON_MS)).toBe(null);
    expect(await budgets.get("v", "b", NOON_MS)).toBe(null);
    expect(await budgets.list("v", NOON_MS)).toEqual([]);
  });

  test("there is one per workspace, scope and period", async ({ budgets }) => {
    const workspace = { type: "workspace", includeByok: true } as const;
    const key = { type: "api_key", keyId: "k", includeByok: false } as const;
    const provider = { type: "byok_provider", provider: "openai" } as const;
    const create = (id: string, overrides: Parameters<typeof exampleBudget>[0]) =>
      budgets.create(exampleBudget({ id, ...overrides }));
    expect(await create("b1", {})).toBe("created");
    expect(await create("b1", { period: "total" }), "same id").toBe("duplicate");
    expect(await create("b2", { scope: workspace }), "includeByok aside").toBe("duplicate");
    expect(await create("b3", { period: "weekly" })).toBe("created");
    expect(await create("b4", { workspaceId: "v" })).toBe("created");
    expect(await create("b5", { scope: key })).toBe("created");
    expect(await create("b6", { scope: { ...key, keyId: "l" } })).toBe("created");
    expect(await create("b7", { scope: { ...key, includeByok: true } })).toBe("duplicate");
    expect(await create("b8", { scope: provider })).toBe("created");
    expect(await create("b9", { scope: { ...provider, provider: "mistral" } })).toBe("created");
    expect(await create("b10", { scope: { type: "credits" }, period: "total" })).toBe("created");
    expect(await create("b11", { scope: { type: "credits" }, period: "total" })).toBe("duplicate");
  });

  test("budgets are listed oldest first", async ({ budgets }) => {
    const ages = { b1: 3, b2: 1, b3: 2 } as const;
    const periods = { b1: "daily", b2: "weekly", b3: "monthly" } as const;
    for (const id of ["b1", "b2", "b3"] as const) {
      await budgets.create(exampleBudget({ id, period: periods[id], createdAtMs: ages[id] }));
    }
    const listed = await budgets.list("w", NOON_MS);
    expect(listed.map(({ id }) => id)).toEqual(["b2", "b3", "b1"]);
  });

  test("a change holds at once and leaves the rest", async ({ budgets }) => {
    await budgets.create(exampleBudget());
    await budgets.reserve(exampleReservation("h", { wantedPicoUsd: 400 }));
    const later = NOON_MS + 1;
    const change = { limitPicoUsd: 500n, includeByok: true, updatedAtMs: later };
    expect(await budgets.update("w", "b", change)).toBe(true);
    const status = await budgets.get("w", "b", later);
    expect([status?.limitPicoUsd, status?.enforce, status?.heldPicoUsd]).toEqual([
      500n,
      true,
      400n,
    ]);
    expect(status?.scope).toEqual({ type: "workspace", includeByok: true });
    expect([status?.createdAtMs, status?.updatedAtMs]).toEqual([NOON_MS, later]);
    const more = exampleReservation("i", { wantedPicoUsd: 101 });
    expect((await budgets.reserve(more)).status).toBe("refused");
    await budgets.update("w", "b", { enforce: false, updatedAtMs: later });
    expect((await budgets.reserve(more)).status).toBe("granted");
    expect(await budgets.update("v", "b", change)).toBe(false);
    expect(await budgets.update("w", "c", change)).toBe(false);
  });

  test("what is added to a limit at once adds up", async ({ budgets }, handles) => {
    await budgets.create(exampleBudget());
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const store = handles[index % handles.length]?.budgets ?? budgets;
        return store.update("w", "b", { addLimitPicoUsd: 7n, updatedAtMs: NOON_MS });
      }),
    );
    expect((await budgets.get("w", "b", NOON_MS))?.limitPicoUsd).toBe(1140n);
    const all = exampleReservation("h", { wantedPicoUsd: 1140 });
    expect((await budgets.reserve(all)).status).toBe("granted");
  });

  test("a deleted budget counts and refuses nothing", async ({ budgets }) => {
    await budgets.create(exampleBudget());
    await budgets.reserve(exampleReservation("h", { wantedPicoUsd: 1000 }));
    expect(await budgets.delete("v", "b")).toBe(false);
    expect(await budgets.delete("w", "b")).toBe(true);
    expect(await budgets.delete("w", "b")).toBe(false);
    expect(await budgets.get("w", "b", NOON_MS)).toBe(null);
    expect((await budgets.reserve(exampleReservation("i"))).status).toBe("granted");
    const more = { holdId: "h", leastTotalPicoUsd: 5000, wantedTotalPicoUsd: 5000 };
    expect(await budgets.extend({ ...more, leaseEndsAtMs: NOON_MS + 1 })).toEqual({
      status: "granted",
      heldPicoUsd: 5000,
      roomPicoUsd: null,
    });
    const settled = await budgets.settle({ holdId: "h", picoUsd: 1, estimated: false });
    expect(settled).toEqual({ status: "settled" });
    expect(await budgets.create(exampleBudget()), "made anew").toBe("created");
    expect((await budgets.get("w", "b", NOON_MS))?.spentPicoUsd).toBe(0n);
  });

  test("limits that a 64-bit counter does not hold are refused", async ({ budgets }) => {
    for (const limitPicoUsd of [-1n, MOST_LIMIT_PICO_USD + 1n]) {
      const create = () => budgets.create(exampleBudget({ limitPicoUsd }));
      expect(await failureOf(create)).toBe("RangeError");
    }
    await budgets.create(exampleBudget());
    const change = { limitPicoUsd: -1n, updatedAtMs: NOON_MS };
    expect(await failureOf(() => budgets.update("w", "b", change))).toBe("RangeError");
    const above = { addLimitPicoUsd: MOST_LIMIT_PICO_USD, updatedAtMs: NOON_MS };
    expect(await failureOf(() => budgets.update("w", "b", above))).toBe("RangeError");
  });
};

import { exampleBudget, exampleReservation, NOON_MS } from "./examples.ts";
import { failureOf } from "./test-kit.ts";
import type { Suite } from "./test-kit.ts";
import type { BudgetStore } from "../budget/budget-store.ts";

/** `[spent, held]` of a budget of the workspace `w` at noon. */
const amountsOf = async (
  budgets: BudgetStore,
  id: string,
): Promise<readonly (bigint | undefined)[]> => {
  const status = await budgets.get("w", id, NOON_MS);
  return [status?.spentPicoUsd, status?.heldPicoUsd];
};

const makeThree = async (budgets: BudgetStore): Promise<void> => {
  await budgets.create(exampleBudget({ id: "day", limitPicoUsd: 1000n }));
  await budgets.create(exampleBudget({ id: "month", period: "monthly", limitPicoUsd: 300n }));
  const scope = { type: "api_key", keyId: "k", includeByok: false } as const;
  await budgets.create(exampleBudget({ id: "key", scope, limitPicoUsd: 500n }));
};

export const budgetHolds = ({ test, expect }: Suite): void => {
  test("a reservation holds in every budget that counts the spender", async ({ budgets }) => {
    await makeThree(budgets);
    const spender = { keyId: "other", provider: "openai", byok: false };
    const granted = await budgets.reserve(exampleReservation("h", { wantedPicoUsd: 250, spender }));
    expect(granted).toEqual({ status: "granted", heldPicoUsd: 250, roomPicoUsd: 50n });
    expect(await amountsOf(budgets, "day")).toEqual([0n, 250n]);
    expect(await amountsOf(budgets, "month")).toEqual([0n, 250n]);
    expect(await amountsOf(budgets, "key")).toEqual([0n, 0n]);
  });

  test("or in none, and names the tightest budget", async ({ budgets }) => {
    await makeThree(budgets);
    const refused = await budgets.reserve(exampleReservation("h", { wantedPicoUsd: 301 }));
    const month = await budgets.get("w", "month", NOON_MS);
    expect(refused).toEqual({ status: "refused", budget: month, roomPicoUsd: 300n });
    for (const id of ["day", "month", "key"]) {
      expect(await amountsOf(budgets, id), id).toEqual([0n, 0n]);
    }
    const settled = await budgets.settle({ holdId: "h", picoUsd: 5, estimated: false });
    expect(settled).toEqual({ status: "unknown" });
  });

  test("takes what is left where that is less than wanted and enough", async ({ budgets }) => {
    await makeThree(budgets);
    const wanting = { leastPicoUsd: 300, wantedPicoUsd: 900 };
    expect(await budgets.reserve(exampleReservation("h", wanting))).toEqual({
      status: "granted",
      heldPicoUsd: 300,
      roomPicoUsd: 0n,
    });
    expect(await amountsOf(budgets, "day")).toEqual([0n, 300n]);
    const next = exampleReservation("i", { leastPicoUsd: 1, wantedPicoUsd: 1 });
    expect((await budgets.reserve(next)).status).toBe("refused");
  });

  test("own keys' spending counts where a budget says so", async ({ budgets }) => {
    const provider = { type: "byok_provider", provider: "openai" } as const;
    await budgets.create(exampleBudget({ id: "platform" }));
    await budgets.create(exampleBudget({ id: "own", scope: provider }));
    await budgets.create(
      exampleBudget({
        id: "all",
        period: "weekly",
        scope: { type: "workspace", includeByok: true },
      }),
    );
    await budgets.create(exampleBudget({ id: "credits", scope: { type: "credits" } }));
    await budgets.create(exampleBudget({ id: "cap", period: "monthly", scope: { type: "byok" } }));
    const spender = { keyId: "k", provider: "openai", byok: true };
    await budgets.reserve(exampleReservation("h", { wantedPicoUsd: 10, spender }));
    await budgets.reserve(exampleReservation("i", { wantedPicoUsd: 3 }));
    const held: (bigint | undefined)[] = [];
    for (const id of ["platform", "own", "all", "credits", "cap"]) {
      held.push((await budgets.get("w", id, NOON_MS))?.heldPicoUsd);
    }
    expect(held).toEqual([3n, 10n, 13n, 3n, 10n]);
  });

  test("a budget that does not enforce records and never refuses", async ({ budgets }) => {
    await budgets.create(exampleBudget({ enforce: false, limitPicoUsd: 5n }));
    const granted = await budgets.reserve(exampleReservation("h", { wantedPicoUsd: 900 }));
    expect(granted).toEqual({ status: "granted", heldPicoUsd: 900, roomPicoUsd: null });
    await budgets.settle({ holdId: "h", picoUsd: 800, estimated: false });
    expect(await amountsOf(budgets, "b")).toEqual([800n, 0n]);
  });

  test("a workspace without budgets reserves and settles all the same", async ({ budgets }) => {
    const granted = { status: "granted", heldPicoUsd: 100, roomPicoUsd: null };
    expect(await budgets.reserve(exampleReservation("h"))).toEqual(granted);
    const settlement = { holdId: "h", picoUsd: 50, estimated: false };
    expect(await budgets.settle(settlement)).toEqual({ status: "settled" });
  });

  test("repeating a reservation does not hold twice", async ({ budgets }) => {
    await budgets.create(exampleBudget());
    const reservation = exampleReservation("h", { wantedPicoUsd: 700 });
    const granted = { status: "granted", heldPicoUsd: 700, roomPicoUsd: 300n };
    expect(await budgets.reserve(reservation)).toEqual(granted);
    expect(await budgets.reserve(reservation)).toEqual(granted);
    await budgets.settle({ holdId: "h", picoUsd: 600, estimated: false });
    expect(await budgets.reserve(reservation)).toEqual({ status: "closed" });
    expect(await amountsOf(budgets, "b")).toEqual([600n, 0n]);
  });

  test("an extension raises the hold to a total, once", async ({ budgets }) => {
    await budgets.create(exampleBudget());
    await budgets.reserve(exampleReservation("h"));
    const extend = (leastTotalPicoUsd: number, wantedTotalPicoUsd = leastTotalPicoUsd) =>
      budgets.extend({
        holdId: "h",
        leastTotalPicoUsd,
        wantedTotalPicoUsd,
        leaseEndsAtMs: NOON_MS + 60_000,
      });
    const granted = { status: "granted", heldPicoUsd: 400, roomPicoUsd: 600n };
    expect(await extend(400)).toEqual(granted);
    expect(await extend(400), "repeated").toEqual(granted);
    expect(await extend(200), "below what is held").toEqual(granted);
    const refused = await extend(1001);
    expect([refused.status, refused.status === "refused" && refused.roomPicoUsd]).toEqual([
      "refused",
      600n,
    ]);
    expect(await amountsOf(budgets, "b")).toEqual([0n, 400n]);
    const rest = { status: "granted", heldPicoUsd: 1000, roomPicoUsd: 0n };
    expect(await extend(900, 5000), "what is left").toEqual(rest);
    await budgets.settle({ holdId: "h", picoUsd: 950, estimated: false });
    expect(await extend(1)).toEqual({ status: "closed" });
    expect(await amountsOf(budgets, "b")).toEqual([950n, 0n]);
  });

  test("the first settlement counts", async ({ budgets }) => {
    await makeThree(budgets);
    await budgets.reserve(exampleReservation("h", { wantedPicoUsd: 200 }));
    const settle = (picoUsd: number) => budgets.settle({ holdId: "h", picoUsd, estimated: false });
    expect(await settle(120)).toEqual({ status: "settled" });
    expect(await settle(120)).toEqual({ status: "already" });
    expect(await settle(7)).toEqual({ status: "already" });
    for (const id of ["day", "month", "key"]) {
      expect(await amountsOf(budgets, id), id).toEqual([120n, 0n]);
    }
    const unknown = await budgets.settle({ holdId: "x", picoUsd: 9, estimated: true });
    expect(unknown).toEqual({ status: "unknown" });
  });

  test("an invoice above its hold is charged and refuses what comes after", async ({ budgets }) => {
    await budgets.create(exampleBudget());
    await budgets.reserve(exampleReservation("h", { wantedPicoUsd: 900 }));
    await budgets.settle({ holdId: "h", picoUsd: 1001, estimated: false });
    expect(await amountsOf(budgets, "b")).toEqual([1001n, 0n]);
    const refused = await budgets.reserve(exampleReservation("i", { wantedPicoUsd: 0 }));
    expect(refused.status === "refused" && refused.roomPicoUsd).toBe(-1n);
  });

  test("totals are exact past 2^53", async ({ budgets }) => {
    const limitPicoUsd = 2n ** 62n + 1n;
    await budgets.create(exampleBudget({ limitPicoUsd, period: "total" }));
    const most = Number.MAX_SAFE_INTEGER;
    let spent = 0n;
    for (let call = 0; call < 12; call++) {
      const holdId = `h${call}`;
      await budgets.reserve(exampleReservation(holdId, { wantedPicoUsd: most }));
      await budgets.settle({ holdId, picoUsd: most - (call % 2), estimated: false });
      spent += BigInt(most - (call % 2));
    }
    expect(await amountsOf(budgets, "b")).toEqual([spent, 0n]);
    // Leave room for exactly 7: found out by asking, refused at 8.
    await budgets.update("w", "b", { limitPicoUsd: spent + 7n, updatedAtMs: NOON_MS });
    const eight = await budgets.reserve(exampleReservation("i", { wantedPicoUsd: 8 }));
    expect(eight.status === "refused" && eight.roomPicoUsd).toBe(7n);
    const granted = { status: "granted", heldPicoUsd: 7, roomPicoUsd: 0n };
    const wanting = { leastPicoUsd: 7, wantedPicoUsd: most };
    expect(await budgets.reserve(exampleReservation("j", wanting))).toEqual(granted);
  });

  test("amounts that are none are refused", async ({ budgets }) => {
    await budgets.create(exampleBudget());
    for (const wantedPicoUsd of [-1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1]) {
      const reserve = () => budgets.reserve(exampleReservation("h", { wantedPicoUsd }));
      expect(await failureOf(reserve), `${wantedPicoUsd}`).toBe("RangeError");
    }
    await budgets.reserve(exampleReservation("h"));
    const settle = () => budgets.settle({ holdId: "h", picoUsd: -1, estimated: false });
    expect(await failureOf(settle)).toBe("RangeError");
    expect(await amountsOf(budgets, "b")).toEqual([0n, 100n]);
  });
};

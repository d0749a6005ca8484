import { describe, expect, test } from "vitest";
import { createMemoryBudgetStore } from "./budget/memory-budget-store.ts";
import { describeStores } from "./conformance.ts";
import {
  exampleBudget,
  exampleEntry,
  exampleReservation,
  NOON_MS,
} from "./conformance/examples.ts";
import { createMemoryUsageLedger } from "./ledger/memory-usage-ledger.ts";
import { createMemoryStores } from "./memory-stores.ts";

describeStores({ describe, test, expect }, async () => {
  const stores = createMemoryStores();
  return { handles: [stores, stores], close: async () => {} };
});

describe("createMemoryBudgetStore", () => {
  test("forgets the oldest closed holds first, and never an open one", async () => {
    const budgets = createMemoryBudgetStore({ closedHolds: 2 });
    await budgets.create(exampleBudget());
    await budgets.reserve(exampleReservation("open"));
    for (const holdId of ["a", "b", "c"]) {
      await budgets.reserve(exampleReservation(holdId));
      await budgets.settle({ holdId, picoUsd: 1, estimated: false });
    }
    const settle = async (holdId: string) =>
      (await budgets.settle({ holdId, picoUsd: 5, estimated: false })).status;
    expect(await settle("a")).toBe("unknown");
    expect(await settle("b")).toBe("already");
    expect(await settle("open")).toBe("settled");
    expect((await budgets.get("w", "b", NOON_MS))?.spentPicoUsd).toBe(8n);
  });
});

test("the ledger keeps the last entries", async () => {
  const ledger = createMemoryUsageLedger({ mostEntries: 2 });
  await ledger.record(["a", "b", "c"].map((id) => exampleEntry(id)));
  expect(await ledger.find("a")).toBe(null);
  expect((await ledger.find("c"))?.id).toBe("c");
});

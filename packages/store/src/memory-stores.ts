import { createMemoryBudgetStore } from "./budget/memory-budget-store.ts";
import { createMemoryIdempotencyStore } from "./idempotency/memory-idempotency-store.ts";
import { createMemoryKeyStore } from "./key/memory-key-store.ts";
import { createMemoryUsageLedger } from "./ledger/memory-usage-ledger.ts";
import { createMemoryRecordStore } from "./record/memory-record-store.ts";
import { createMemorySharedState } from "./shared/memory-shared-state.ts";
import type { Stores } from "./stores.ts";

/** Everything in this process's memory: for tests, and for a gateway that may forget. */
export const createMemoryStores = (): Stores => ({
  budgets: createMemoryBudgetStore(),
  keys: createMemoryKeyStore(),
  workspaces: createMemoryRecordStore(),
  byokKeys: createMemoryRecordStore(),
  ledger: createMemoryUsageLedger(),
  idempotency: createMemoryIdempotencyStore(),
  shared: createMemorySharedState(),
});

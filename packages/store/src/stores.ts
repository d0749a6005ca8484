import type { BudgetStore } from "./budget/budget-store.ts";
import type { IdempotencyStore } from "./idempotency/idempotency-store.ts";
import type { ByokKeyRecord, RecordStore, WorkspaceRecord } from "./record/record-store.ts";
import type { KeyStore } from "./key/key-store.ts";
import type { UsageLedger } from "./ledger/usage-ledger.ts";
import type { SharedState } from "./shared/shared-state.ts";

/** Everything a gateway keeps. The parts may live in different places. */
export type Stores = {
  readonly budgets: BudgetStore;
  readonly keys: KeyStore;
  readonly workspaces: RecordStore<WorkspaceRecord>;
  readonly byokKeys: RecordStore<ByokKeyRecord>;
  readonly ledger: UsageLedger;
  readonly idempotency: IdempotencyStore;
  readonly shared: SharedState;
};

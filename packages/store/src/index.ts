export { createMemoryBudgetStore } from "./budget/memory-budget-store.ts";
export { countingAt, windowStartsAt } from "./budget/budgets-that-count.ts";
export { budgetKeyOf } from "./budget/scope-key.ts";
export { createMemoryIdempotencyStore } from "./idempotency/memory-idempotency-store.ts";
export { createMemoryKeyStore } from "./key/memory-key-store.ts";
export { createMemoryUsageLedger } from "./ledger/memory-usage-ledger.ts";
export { createMemorySharedState } from "./shared/memory-shared-state.ts";
export { takeFromBucket } from "./shared/token-bucket.ts";
export { createMemoryStores } from "./memory-stores.ts";
export { pageOf } from "./page.ts";

export type { Budget, BudgetChange, BudgetStatus } from "./budget/budget.ts";
export type {
  BudgetStore,
  ExpiredHold,
  Extension,
  HoldClosed,
  HoldGranted,
  HoldRefused,
  Reservation,
  SettleOutcome,
  Settlement,
} from "./budget/budget-store.ts";
export type { MemoryBudgetOptions } from "./budget/memory-budget-store.ts";
export type {
  IdempotencyClaim,
  IdempotencyOutcome,
  IdempotencyStore,
} from "./idempotency/idempotency-store.ts";
export type { ApiKey, ApiKeyChange, KeyStore } from "./key/key-store.ts";
export type {
  LedgerEntry,
  LedgerGroup,
  LedgerOutcome,
  LedgerQuery,
  LedgerSum,
  UsageLedger,
} from "./ledger/usage-ledger.ts";
export type { Page, PageRequest } from "./page.ts";
export type {
  ByokKeyRecord,
  RecordChange,
  RecordStore,
  StoredRecord,
  WorkspaceRecord,
} from "./record/record-store.ts";
export type { SharedNote, SharedState } from "./shared/shared-state.ts";
export type { TokenBucket, TokenBucketRule, TokenTaken } from "./shared/token-bucket.ts";
export type { Stores } from "./stores.ts";

import { budgetCrud } from "./conformance/budget-crud.ts";
import { budgetHolds } from "./conformance/budget-holds.ts";
import { budgetModel } from "./conformance/budget-model.ts";
import { budgetRaces } from "./conformance/budget-races.ts";
import { budgetTime } from "./conformance/budget-time.ts";
import { idempotencyCases } from "./conformance/idempotency.ts";
import { keyCases } from "./conformance/keys.ts";
import { ledgerCases } from "./conformance/ledger.ts";
import { recordCases } from "./conformance/records.ts";
import { sharedCases } from "./conformance/shared.ts";
import { suiteOf } from "./conformance/test-kit.ts";
import type { StoresFactory, Suite, TestKit } from "./conformance/test-kit.ts";

/** The parts of the suite, in the order in which they run. */
export const conformanceParts = [
  "budgets as records",
  "holds on budgets",
  "leases and windows",
  "races for budgets",
  "budgets against the model",
  "keys",
  "records",
  "ledger",
  "idempotency keys",
  "shared state",
] as const;

/** A part of the suite; stores that keep some things only run the parts about those. */
export type ConformancePart = (typeof conformanceParts)[number];

const cases: Readonly<Record<ConformancePart, (suite: Suite) => void>> = {
  "budgets as records": budgetCrud,
  "holds on budgets": budgetHolds,
  "leases and windows": budgetTime,
  "races for budgets": budgetRaces,
  "budgets against the model": budgetModel,
  keys: keyCases,
  records: recordCases,
  ledger: ledgerCases,
  "idempotency keys": idempotencyCases,
  "shared state": sharedCases,
};

/**
 * Declares the tests that every store must pass, with the caller's runner: under vitest
 * `describeStores({ describe, test, expect }, open)`. Time is an argument everywhere: nothing waits.
 *
 * @param open opens empty stores, once per test; give several handles where several processes can
 *   share a state, and races are run across them
 * @param only the parts to run. @default all
 */
export const describeStores = (
  kit: TestKit,
  open: StoresFactory,
  only: readonly ConformancePart[] = conformanceParts,
): void => {
  const suite = suiteOf(kit, open);
  for (const part of only) kit.describe(part, () => cases[part](suite));
};

export type { OpenStores, StoresFactory, TestKit } from "./conformance/test-kit.ts";

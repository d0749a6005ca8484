import { emptyUsage } from "@pointsman/core";
import type { Budget } from "../budget/budget.ts";
import type { Reservation } from "../budget/budget-store.ts";
import type { ApiKey } from "../key/key-store.ts";
import type { ByokKeyRecord, WorkspaceRecord } from "../record/record-store.ts";
import type { LedgerEntry } from "../ledger/usage-ledger.ts";

/** 2026-03-04T12:00:00Z, a Wednesday. */
export const NOON_MS = 1_772_625_600_000;
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

/** An enforced daily budget of the workspace `w` over 1,000 pico-USD; pass what should differ. */
export const exampleBudget = (overrides: Partial<Budget> = {}): Budget => ({
  id: "b",
  workspaceId: "w",
  scope: { type: "workspace", includeByok: false },
  period: "daily",
  limitPicoUsd: 1000n,
  enforce: true,
  createdAtMs: NOON_MS,
  updatedAtMs: NOON_MS,
  ...overrides,
});

/** 100 pico-USD for a call of the workspace `w` with the key `k` at noon, for a minute. */
export const exampleReservation = (
  holdId: string,
  overrides: Partial<Reservation> = {},
): Reservation => ({
  holdId,
  workspaceId: "w",
  spender: { keyId: "k", provider: "openai", byok: false },
  leastPicoUsd: overrides.wantedPicoUsd ?? 100,
  wantedPicoUsd: 100,
  leaseEndsAtMs: (overrides.nowMs ?? NOON_MS) + MINUTE_MS,
  nowMs: NOON_MS,
  memo: `memo of ${holdId}`,
  ...overrides,
});

export const exampleKey = (id: string, overrides: Partial<ApiKey> = {}): ApiKey => ({
  id,
  workspaceId: "w",
  name: `key ${id}`,
  keyHash: `hash of ${id}`,
  keyPrefix: "pm_abc",
  scopes: ["inference"],
  isActive: true,
  rateLimitRpm: null,
  expiresAtMs: null,
  models: [],
  providers: [],
  createdAtMs: NOON_MS,
  createdByKeyId: null,
  lastUsedAtMs: null,
  ...overrides,
});

export const exampleEntry = (id: string, overrides: Partial<LedgerEntry> = {}): LedgerEntry => ({
  id,
  requestId: id,
  workspaceId: "w",
  keyId: "k",
  atMs: NOON_MS,
  provider: "openai",
  model: "m",
  tag: null,
  endsRequest: true,
  outcome: "success",
  usage: { ...emptyUsage, inputTokens: 10, cacheReadTokens: 5, outputTokens: 7 },
  costPicoUsd: 1000,
  estimated: false,
  byok: false,
  ...overrides,
});

export const exampleWorkspace = (
  id: string,
  overrides: Partial<WorkspaceRecord> = {},
): WorkspaceRecord => ({
  id,
  workspaceId: id,
  uniqueName: id,
  createdAtMs: NOON_MS,
  name: `workspace ${id}`,
  slug: id,
  routing: null,
  routingUpdatedAtMs: null,
  ...overrides,
});

export const exampleByokKey = (
  id: string,
  overrides: Partial<ByokKeyRecord> = {},
): ByokKeyRecord => ({
  id,
  workspaceId: "w",
  uniqueName: null,
  createdAtMs: NOON_MS,
  provider: "openai",
  name: "OpenAI Key",
  keyPrefix: "sk-abc",
  sealedKey: "sealed",
  isDefault: false,
  disabled: false,
  validationStatus: "valid",
  accountTier: null,
  tierSource: null,
  lastValidatedAtMs: null,
  updatedAtMs: NOON_MS,
  ...overrides,
});

import type { Usage } from "@pointsman/core";

/** How a request or an attempt ended, as bills and statistics tell it. */
export type LedgerOutcome = "success" | "error" | "rate_limited";

/** One attempt at a provider, or a request that never reached one. */
export type LedgerEntry = {
  /** Unique; an attempt's hold has the same id. */
  readonly id: string;
  readonly requestId: string;
  readonly workspaceId: string;
  readonly keyId: string | null;
  /** Unix ms at which the request came in: all entries of a request fall into one interval. */
  readonly atMs: number;
  /** `null` = no provider was called. */
  readonly provider: string | null;
  /** Canonical model id; `null` = none was resolved. */
  readonly model: string | null;
  /** The caller's label to group by; `null` = none. */
  readonly tag: string | null;
  /** `true` at the one entry that ended its request: only these count as requests. */
  readonly endsRequest: boolean;
  readonly outcome: LedgerOutcome;
  readonly usage: Usage;
  readonly costPicoUsd: number;
  /** `true` = the usage was not reported, or the hold's lease ran out. */
  readonly estimated: boolean;
  /** `true` = the caller's own provider key paid. */
  readonly byok: boolean;
};

export type LedgerGroup = "provider" | "model" | "key" | "tag";

export type LedgerQuery = {
  readonly workspaceId: string;
  /** Of this key alone. */
  readonly keyId?: string;
  /** Unix ms, inclusive. */
  readonly sinceMs: number;
  /** Unix ms, exclusive. */
  readonly untilMs: number;
  /** @default all in one group */
  readonly by?: LedgerGroup;
  /** Width of the intervals, which are counted from `sinceMs`, ms. @default one interval */
  readonly intervalMs?: number;
};

/** Sums over the entries of one group in one interval. */
export type LedgerSum = {
  /** Provider, model, key id or tag; `null` = entries that have none, or no grouping. */
  readonly group: string | null;
  readonly intervalStartMs: number;
  readonly requestCount: number;
  readonly errorCount: number;
  readonly rateLimitCount: number;
  /** The whole prompts, cached tokens included. */
  readonly inputTokens: bigint;
  /** The whole answers, reasoning included. */
  readonly outputTokens: bigint;
  readonly costPicoUsd: bigint;
};

/** What was consumed and billed. Entries are never deleted. */
export interface UsageLedger {
  /**
   * Writes entries, all or none. An id that is there already keeps its entry, unless that is an
   * estimate and the new one is exact: then the new one replaces it.
   */
  record(entries: readonly LedgerEntry[]): Promise<void>;

  /** `null` = unknown. */
  find(id: string): Promise<LedgerEntry | null>;

  /** By interval, then by group (`null` first, then in code unit order); groups without entries are left out. */
  sum(query: LedgerQuery): Promise<readonly LedgerSum[]>;
}

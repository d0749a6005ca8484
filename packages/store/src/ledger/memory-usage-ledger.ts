import { completionTokensOf, promptTokensOf } from "@pointsman/core";
import type { LedgerEntry, LedgerQuery, LedgerSum, UsageLedger } from "./usage-ledger.ts";

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

const groupOf = (entry: LedgerEntry, by: LedgerQuery["by"]): string | null => {
  switch (by) {
    case "provider":
      return entry.provider;
    case "model":
      return entry.model;
    case "key":
      return entry.keyId;
    case "tag":
      return entry.tag;
    case undefined:
      break;
  }
  return null;
};

const isAsked = (entry: LedgerEntry, query: LedgerQuery): boolean =>
  entry.workspaceId === query.workspaceId &&
  (query.keyId === undefined || entry.keyId === query.keyId) &&
  entry.atMs >= query.sinceMs &&
  entry.atMs < query.untilMs;

const intervalStartOf = (entry: LedgerEntry, { sinceMs, intervalMs }: LedgerQuery): number =>
  intervalMs === undefined
    ? sinceMs
    : sinceMs + Math.floor((entry.atMs - sinceMs) / intervalMs) * intervalMs;

const compareGroups = (a: string | null, b: string | null): number =>
  a === b ? 0 : a === null || (b !== null && a < b) ? -1 : 1;

const addEntry = (sum: Mutable<LedgerSum>, entry: LedgerEntry): void => {
  if (entry.endsRequest) {
    sum.requestCount += 1;
    if (entry.outcome !== "success") sum.errorCount += 1;
    if (entry.outcome === "rate_limited") sum.rateLimitCount += 1;
  }
  sum.inputTokens += BigInt(promptTokensOf(entry.usage));
  sum.outputTokens += BigInt(completionTokensOf(entry.usage));
  sum.costPicoUsd += BigInt(entry.costPicoUsd);
};

export type MemoryLedgerOptions = {
  /** So many entries are kept, the last ones; >= 1. @default 100_000 */
  readonly mostEntries?: number;
};

/** A ledger in this process's memory, which forgets the oldest entries. */
export const createMemoryUsageLedger = (options: MemoryLedgerOptions = {}): UsageLedger => {
  const { mostEntries = 100_000 } = options;
  const entries = new Map<string, LedgerEntry>();
  return {
    async record(added) {
      for (const entry of added) {
        const known = entries.get(entry.id);
        if (known === undefined || (known.estimated && !entry.estimated)) {
          entries.set(entry.id, entry);
        }
        if (entries.size <= mostEntries) continue;
        const [oldest] = entries.keys();
        if (oldest !== undefined) entries.delete(oldest);
      }
    },
    async find(id) {
      return entries.get(id) ?? null;
    },
    async sum(query) {
      const sums = new Map<string, Mutable<LedgerSum>>();
      for (const entry of entries.values()) {
        if (!isAsked(entry, query)) continue;
        const group = groupOf(entry, query.by);
        const intervalStartMs = intervalStartOf(entry, query);
        const key = JSON.stringify([intervalStartMs, group]);
        const sum = sums.get(key) ?? {
          group,
          intervalStartMs,
          requestCount: 0,
          errorCount: 0,
          rateLimitCount: 0,
          inputTokens: 0n,
          outputTokens: 0n,
          costPicoUsd: 0n,
        };
        addEntry(sum, entry);
        sums.set(key, sum);
      }
      return [...sums.values()].sort(
        (a, b) => a.intervalStartMs - b.intervalStartMs || compareGroups(a.group, b.group),
      );
    },
  };
};

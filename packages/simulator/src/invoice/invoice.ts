import { emptyUsage } from "@pointsman/core";
import type { PriceSchedule, Usage } from "@pointsman/core";

/** What a credential (or a whole provider) owes. */
export type Invoice = {
  /** Calls that were billed, aborted ones included; refused ones are not. */
  readonly calls: number;
  readonly usage: Usage;
  readonly picoUsd: bigint;
};

/** Price of one call, pico-USD, at a moment in Unix ms. */
export type CostOf = (schedule: PriceSchedule, usage: Usage, atMs: number) => number;

export type BilledCall = {
  readonly apiKey: string;
  /** `null` = no list price: counted, but free. */
  readonly price: PriceSchedule | null;
  readonly usage: Usage;
  readonly atMs: number;
};

export type Ledger = {
  readonly bill: (call: BilledCall) => void;
  /** Of one credential, or of all together. */
  readonly invoice: (apiKey?: string) => Invoice;
};

const emptyInvoice: Invoice = { calls: 0, usage: emptyUsage, picoUsd: 0n };

const add = (a: Invoice, b: Invoice): Invoice => ({
  calls: a.calls + b.calls,
  usage: {
    inputTokens: a.usage.inputTokens + b.usage.inputTokens,
    cacheReadTokens: a.usage.cacheReadTokens + b.usage.cacheReadTokens,
    cacheWrite5mTokens: a.usage.cacheWrite5mTokens + b.usage.cacheWrite5mTokens,
    cacheWrite1hTokens: a.usage.cacheWrite1hTokens + b.usage.cacheWrite1hTokens,
    outputTokens: a.usage.outputTokens + b.usage.outputTokens,
    reasoningTokens: a.usage.reasoningTokens + b.usage.reasoningTokens,
  },
  picoUsd: a.picoUsd + b.picoUsd,
});

/** Keeps one running invoice per credential. */
export const createLedger = (costOf: CostOf): Ledger => {
  const byKey = new Map<string, Invoice>();
  return {
    bill: ({ apiKey, price, usage, atMs }) => {
      const picoUsd = price === null ? 0n : BigInt(costOf(price, usage, atMs));
      byKey.set(apiKey, add(byKey.get(apiKey) ?? emptyInvoice, { calls: 1, usage, picoUsd }));
    },
    invoice: (apiKey) =>
      apiKey === undefined
        ? [...byKey.values()].reduce(add, emptyInvoice)
        : (byKey.get(apiKey) ?? emptyInvoice),
  };
};

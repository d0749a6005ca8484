import { emptyUsage } from "@pointsman/core";
import type { Clock, PurseBill, PurseOrder } from "@pointsman/engine";
import type { LedgerEntry, LedgerOutcome, UsageLedger } from "@pointsman/store";
import type { Principal } from "../auth/key-ring.ts";

/** What one request leaves in the ledger: an entry an attempt, and one that says how it ended. */
export type UsageRecord = {
  /** Written before the answer is handed out; never rejects. */
  attempt(order: PurseOrder, bill: PurseBill): Promise<void>;
  /** It ended without an answer. */
  failed(outcome: Exclude<LedgerOutcome, "success">): void;
};

export type UsageRecordOptions = {
  readonly ledger: UsageLedger;
  readonly clock: Clock;
  readonly principal: Principal;
  readonly requestId: string;
  /** Entries of the request are called so, with a number behind. */
  readonly name: string;
  /** The caller's first tag. */
  readonly tag: string | null;
  readonly onLost: (error: unknown) => void;
};

const outcomeOf = ({ outcome }: PurseBill): LedgerOutcome => {
  if (outcome === "success") return "success";
  return outcome === "rate_limited" ? "rate_limited" : "error";
};

export const createUsageRecord = (options: UsageRecordOptions): UsageRecord => {
  const { ledger, clock, principal, requestId, name, tag, onLost } = options;
  // All entries of a request fall into one interval.
  const atMs = clock.nowMs();
  const common = {
    requestId,
    workspaceId: principal.workspace,
    keyId: principal.keyId,
    atMs,
    tag,
  };
  const write = async (entry: LedgerEntry): Promise<void> => {
    try {
      await ledger.record([entry]);
    } catch (error) {
      onLost(error);
    }
  };
  return {
    attempt: (order, bill) =>
      write({
        ...common,
        id: `${name}.${bill.attempt}`,
        provider: order.provider,
        model: order.model,
        endsRequest: bill.outcome === "success",
        outcome: outcomeOf(bill),
        usage: bill.picoUsd === 0 && bill.outcome !== "success" ? emptyUsage : bill.usage,
        costPicoUsd: bill.picoUsd,
        estimated: bill.estimated,
        byok: order.byok,
      }),
    failed: (outcome) => {
      void write({
        ...common,
        id: `${name}.end`,
        provider: null,
        model: null,
        endsRequest: true,
        outcome,
        usage: emptyUsage,
        costPicoUsd: 0,
        estimated: false,
        byok: false,
      });
    },
  };
};

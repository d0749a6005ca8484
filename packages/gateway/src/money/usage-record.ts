import { emptyUsage } from "@pointsman/core";
import type { Clock, PurseBill, PurseOrder, RunReport } from "@pointsman/engine";
import type { LedgerEntry, LedgerOutcome, UsageLedger } from "@pointsman/store";
import type { LedgerBuffer } from "./ledger-buffer.ts";
import type { Principal } from "../auth/key-ring.ts";

/** What one request leaves in the ledger: an entry an attempt, and one that says how it ended. */
export type UsageRecord = {
  /** Written before the answer is handed out; never rejects. */
  attempt(order: PurseOrder, bill: PurseBill): Promise<void>;
  /** The request is over; what was not written before is now. `report` = what it did, if anything. */
  finished(outcome: LedgerOutcome, report: RunReport | null): void;
};

export type UsageRecordOptions = {
  readonly ledger: UsageLedger;
  /** Takes what nobody waits for. */
  readonly buffer: LedgerBuffer;
  /** Whether attempts are written as they are paid: `attempt` is called for each that has a price. */
  readonly isPaid: boolean;
  readonly clock: Clock;
  readonly principal: Principal;
  readonly requestId: string;
  /** Entries of the request are called so, with a number behind. */
  readonly name: string;
  /** The caller's first tag. */
  readonly tag: string | null;
  readonly onLost: (error: unknown) => void;
};

const outcomeOf = ({ outcome }: Pick<PurseBill, "outcome">): LedgerOutcome => {
  if (outcome === "success") return "success";
  return outcome === "rate_limited" ? "rate_limited" : "error";
};

export const createUsageRecord = (options: UsageRecordOptions): UsageRecord => {
  const { ledger, buffer, isPaid, clock, principal, requestId, name, tag, onLost } = options;
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
    finished: (outcome, report) => {
      const attempts = report?.attempts ?? [];
      for (const [index, attempt] of attempts.entries()) {
        const { offering, credential } = attempt.candidate;
        if (isPaid && offering.price !== null) continue;
        buffer.add({
          ...common,
          id: `${name}.r${index}`,
          provider: offering.provider,
          model: offering.model,
          endsRequest: outcome === "success" && index === attempts.length - 1,
          outcome: outcomeOf(attempt),
          usage: attempt.usage,
          costPicoUsd: attempt.costPicoUsd,
          estimated: attempt.estimated,
          byok: credential.owner === "byok",
        });
      }
      if (outcome === "success") return;
      buffer.add({
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

import type { OutcomeKind, Usage } from "@pointsman/core";
import type { GatewayError } from "@pointsman/translate";

/** Money to set aside for one attempt. */
export type PurseOrder = {
  /** Which attempt of the request this is, from 1; each asks once. */
  readonly attempt: number;
  readonly provider: string;
  /** Canonical. */
  readonly model: string;
  /** The caller's own account pays. */
  readonly byok: boolean;
  /** With less the attempt cannot begin: the prompt and one token, pico-USD. */
  readonly leastPicoUsd: number;
  /** What is set aside if there is room. */
  readonly wantedPicoUsd: number;
  /** From then on nobody is left to settle it, unless it is extended, ms. */
  readonly leaseMs: number;
};

/** More money for an attempt that runs; totals, and at 0 the lease alone is renewed. */
export type PurseExtension = {
  readonly attempt: number;
  readonly leastTotalPicoUsd: number;
  readonly wantedTotalPicoUsd: number;
  readonly leaseMs: number;
};

/** What was set aside, or why nothing was. */
export type PurseAnswer =
  | {
      readonly status: "granted";
      /** All that is set aside for the attempt. */
      readonly heldPicoUsd: number;
      /** What the tightest limit has left beside it; `null` = none limits it. */
      readonly roomPicoUsd: bigint | null;
    }
  | { readonly status: "refused"; readonly error: GatewayError };

/** What an attempt came to. */
export type PurseBill = {
  readonly attempt: number;
  readonly picoUsd: number;
  readonly estimated: boolean;
  readonly usage: Usage;
  readonly outcome: OutcomeKind;
};

/**
 * Sets money aside before an attempt and pays it afterwards; one per request. An answer is handed out
 * only once its attempts are paid.
 */
export interface Purse {
  reserve(order: PurseOrder): Promise<PurseAnswer>;
  /** Never rejects. */
  extend(extension: PurseExtension): Promise<PurseAnswer>;
  /** Never rejects. Each attempt that was granted something is paid exactly once. */
  settle(bill: PurseBill): Promise<void>;
}

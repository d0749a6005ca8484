import type { Spender } from "@pointsman/core/budget";
import type { Budget, BudgetChange, BudgetStatus } from "./budget.ts";

/** Money to set aside before a call goes out. */
export type Reservation = {
  /** Chosen by the caller, once per attempt: repeating a reservation under its id does not hold twice. */
  readonly holdId: string;
  readonly workspaceId: string;
  readonly spender: Spender;
  /** With less the call is refused: an upper bound of the prompt's cost and one token of output. */
  readonly leastPicoUsd: number;
  /** What is set aside if there is room. */
  readonly wantedPicoUsd: number;
  /** Unix ms; from then on a sweep charges the hold. */
  readonly leaseEndsAtMs: number;
  /** Unix ms; decides the windows. */
  readonly nowMs: number;
  /** Handed back by the sweep that expires the hold: enough to write its ledger entry. */
  readonly memo: string;
};

/**
 * More money for a call that runs. Totals, not differences: repeating it adds nothing. The windows
 * are those of the reservation, also after they ended.
 */
export type Extension = {
  readonly holdId: string;
  /** The whole hold must reach this, else nothing changes. At or below what is held: only the lease is renewed. */
  readonly leastTotalPicoUsd: number;
  readonly wantedTotalPicoUsd: number;
  readonly leaseEndsAtMs: number;
};

export type HoldGranted = {
  readonly status: "granted";
  /** The whole hold. */
  readonly heldPicoUsd: number;
  /** What the tightest enforced window has left beside it; `null` = no limit applies. */
  readonly roomPicoUsd: bigint | null;
};

export type HoldRefused = {
  readonly status: "refused";
  /** The tightest budget (the oldest of several), as it was at that instant. */
  readonly budget: BudgetStatus;
  /** Its limit − spend − holds: less than the least that was asked for. */
  readonly roomPicoUsd: bigint;
};

/** The hold was settled or expired before, or is not known (any more). */
export type HoldClosed = { readonly status: "closed" };

export type Settlement = {
  readonly holdId: string;
  /** What the call cost. */
  readonly picoUsd: number;
  /** `true` = the provider reported no usage. */
  readonly estimated: boolean;
};

/**
 * - `settled`: the hold gave way to the cost;
 * - `corrected`: it had expired, and the cost replaced what was charged then;
 * - `already`: an earlier settlement counts;
 * - `unknown`: no such hold, or closed so long ago that it was forgotten; nothing was charged.
 */
export type SettleOutcome = {
  readonly status: "settled" | "corrected" | "already" | "unknown";
};

/** A hold that a sweep charged; an estimate. */
export type ExpiredHold = {
  readonly holdId: string;
  readonly workspaceId: string;
  readonly chargedPicoUsd: number;
  readonly memo: string;
};

/**
 * Budgets and the money held against them. Every method is atomic, also against other processes on
 * the same store; what a promise resolved with survives as long as the store says it does. The
 * transitions are core's `reserveHold`, `extendHold`, `settleHold` and `expireHold`.
 *
 * Limits and totals are below 2^63 pico-USD; amounts of one call are whole numbers below 2^53.
 */
export interface BudgetStore {
  /**
   * @throws RangeError if the limit is negative or above core's `MOST_LIMIT_PICO_USD`
   */
  create(budget: Budget): Promise<"created" | "duplicate">;

  /** `null` = unknown in that workspace. */
  get(workspaceId: string, budgetId: string, nowMs: number): Promise<BudgetStatus | null>;

  /** All of a workspace, oldest first. */
  list(workspaceId: string, nowMs: number): Promise<readonly BudgetStatus[]>;

  /**
   * Holds at once, also in windows that ended with calls still running; running calls keep their holds.
   *
   * @throws RangeError as `create`
   */
  update(workspaceId: string, budgetId: string, change: BudgetChange): Promise<boolean>;

  /** What is held in it is forgotten with it. */
  delete(workspaceId: string, budgetId: string): Promise<boolean>;

  /**
   * Sets money aside in every budget that counts the spender, or in none. Where no budget does, the
   * hold exists all the same.
   *
   * @throws RangeError if an amount is no whole number of pico-USD >= 0, or the least exceeds the wanted
   */
  reserve(reservation: Reservation): Promise<HoldGranted | HoldRefused | HoldClosed>;

  /** @throws RangeError as `reserve` */
  extend(extension: Extension): Promise<HoldGranted | HoldRefused | HoldClosed>;

  /** @throws RangeError if the cost is no whole number of pico-USD >= 0 */
  settle(settlement: Settlement): Promise<SettleOutcome>;

  /**
   * Charges holds whose lease ended at or before `nowMs`, oldest reservation first; each is returned
   * by one sweep alone.
   */
  sweep(options: {
    readonly nowMs: number;
    readonly limit: number;
  }): Promise<readonly ExpiredHold[]>;
}

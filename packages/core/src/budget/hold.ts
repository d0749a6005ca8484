/**
 * Money set aside for one call, in every window it was reserved in. Open until the call ends or its
 * lease does; an expired hold was charged in full, as an estimate.
 */
export type Hold =
  | OpenHold
  | {
      readonly status: "settled";
      readonly chargedPicoUsd: number;
      readonly estimated: boolean;
    }
  | { readonly status: "expired"; readonly chargedPicoUsd: number };

export type OpenHold = {
  readonly status: "open";
  readonly picoUsd: number;
  /** Unix ms; from then on `expireHold` charges it. */
  readonly leaseEndsAtMs: number;
};

/** How much to set aside. */
export type HoldRequest = {
  /** With less the call is refused, pico-USD. */
  readonly leastPicoUsd: number;
  /** What is set aside if there is room; less, but never below the least, where there is not. */
  readonly wantedPicoUsd: number;
  /** Unix ms until which the hold is safe without being extended or settled. */
  readonly leaseEndsAtMs: number;
};

/** @throws RangeError unless it is a whole number from 0 to 2^53 - 1 */
export const assertPicoUsd = (picoUsd: number): void => {
  if (!Number.isSafeInteger(picoUsd) || picoUsd < 0) {
    throw new RangeError(`an amount must be a whole number of pico-USD, >= 0: ${picoUsd}`);
  }
};

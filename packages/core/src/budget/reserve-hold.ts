import { tightestOf } from "./budget-window.ts";
import type { BudgetWindow } from "./budget-window.ts";
import { assertPicoUsd } from "./hold.ts";
import type { HoldRequest, OpenHold } from "./hold.ts";

/** A reservation that was made, with the windows as they are after it. */
export type Granted = {
  readonly status: "granted";
  readonly windows: readonly BudgetWindow[];
  readonly hold: OpenHold;
  /** What this step set aside: from least to wanted. */
  readonly grantedPicoUsd: number;
  /** What the tightest enforced window has left after it; `null` = no limit applies. */
  readonly roomPicoUsd: bigint | null;
};

/** A reservation that was not made; nothing changed in any window. */
export type Refused = {
  readonly status: "refused";
  /** Index of the window with the least room. */
  readonly by: number;
  /** limit − spend − holds of that window: less than the least that was asked for. */
  readonly roomPicoUsd: bigint;
};

/**
 * Sets money aside in all windows or in none: as much as is wanted, or what the tightest window has
 * left, if that is at least `leastPicoUsd`. With the least at the cost of the prompt and one token
 * of output, a call is refused only if not even that fits at this instant.
 *
 * @throws RangeError if an amount is no whole number of pico-USD, or the least exceeds the wanted
 */
export const reserveHold = (
  windows: readonly BudgetWindow[],
  request: HoldRequest,
): Granted | Refused => addHold(windows, null, request);

/**
 * Sets more money aside for a call that runs, in the windows of its reservation, and renews its
 * lease. All or nothing as `reserveHold`; a refusal leaves the hold and its lease as they are. With a
 * least of 0 it is never refused: the lease is renewed whatever there is.
 *
 * @throws RangeError as `reserveHold`, and if the hold would pass 2^53 - 1
 */
export const extendHold = (
  windows: readonly BudgetWindow[],
  hold: OpenHold,
  request: HoldRequest,
): Granted | Refused => addHold(windows, hold, request);

const addHold = (
  windows: readonly BudgetWindow[],
  hold: OpenHold | null,
  { leastPicoUsd, wantedPicoUsd, leaseEndsAtMs }: HoldRequest,
): Granted | Refused => {
  const heldPicoUsd = hold?.picoUsd ?? 0;
  assertPicoUsd(leastPicoUsd);
  assertPicoUsd(heldPicoUsd + wantedPicoUsd);
  if (leastPicoUsd > wantedPicoUsd) {
    throw new RangeError(`the least exceeds the wanted: ${leastPicoUsd} > ${wantedPicoUsd}`);
  }
  const tightest = tightestOf(windows);
  const isShort = tightest !== null && tightest.roomPicoUsd < BigInt(wantedPicoUsd);
  // Where a limit was lowered below what is held, a running call's lease can be renewed all the same.
  const isRenewal = hold !== null && leastPicoUsd === 0;
  if (isShort && !isRenewal && tightest.roomPicoUsd < BigInt(leastPicoUsd)) {
    return { status: "refused", by: tightest.index, roomPicoUsd: tightest.roomPicoUsd };
  }
  const grantedPicoUsd = isShort
    ? Math.max(0, Number(tightest.roomPicoUsd)) // below `wantedPicoUsd`, so exact
    : wantedPicoUsd;
  const more = BigInt(grantedPicoUsd);
  return {
    status: "granted",
    windows: windows.map((window) => ({ ...window, heldPicoUsd: window.heldPicoUsd + more })),
    hold: { status: "open", picoUsd: heldPicoUsd + grantedPicoUsd, leaseEndsAtMs },
    grantedPicoUsd,
    roomPicoUsd: tightest === null ? null : tightest.roomPicoUsd - more,
  };
};

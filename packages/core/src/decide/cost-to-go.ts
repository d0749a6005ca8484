import type { WarmBelief } from "../cache/believe-warm.ts";
import { GAP_BINS } from "../reuse/gap-bins.ts";
import type { RouterState } from "../state/router-state.ts";

/** A conversation never counts for more than this many further turns. */
const MOST_CONTINUED = 0.97;

/**
 * What the choice means for the conversation's later turns, each taken for a prompt like this one.
 *
 * Let r be the odds that a turn is followed by another, s ≤ r those that it also finds its prompt
 * warm at a candidate, c and w what a turn costs there cold and warm. Staying from a cold start costs
 * (c − s·(c − w)) / (1 − r) in all, so a conversation that is warm nowhere is worth
 * C = min over candidates of that. One that is warm at a candidate is worth
 * W = min(C, (w + (r − s)·C) / (1 − s)), and choosing it now means s·W + (r − s)·C later on. For explicit
 * caches the same value says which mark pays: none, one that only reads, a write for five minutes or
 * an hour, or a write of what other conversations share (`chooseMarks`).
 */
export type Prospect = {
  /** r, now and one turn later. */
  readonly continued: number;
  readonly continuedLater: number;
  /** s one turn later as a share of s now. */
  readonly laterShare: number;
  /** C, pico-USD; 0 = nothing is looked at. */
  coldWorth: number;
};

/** The odds of later turns; what they are worth is known once every candidate has been weighed. */
export const prospectOf = ({ options, learned }: RouterState, belief: WarmBelief): Prospect => {
  const { odds } = learned.turns;
  const none = GAP_BINS - 1;
  const looksAhead = options.costToGo && belief.chainTokens > 0;
  const comeBack = 1 - (odds[belief.key * GAP_BINS + none] ?? 1);
  const comeBackLater = Math.min(
    MOST_CONTINUED,
    1 - (odds[belief.laterKey * GAP_BINS + none] ?? 1),
  );
  return {
    continued: looksAhead ? comeBack : 0,
    continuedLater: looksAhead ? comeBackLater : 0,
    // Pauses are taken to be spread alike one turn later; only how many come back differs.
    laterShare: comeBack > 0 ? comeBackLater / comeBack : 0,
    coldWorth: 0,
  };
};

/** What being warm is worth to the next turn at a candidate, C − W, pico-USD. */
export const gainOf = (
  { continuedLater, coldWorth }: Prospect,
  cold: number,
  saved: number,
  later: number,
): number => {
  if (!(saved > 0)) return 0;
  const warmWorth = (cold - saved + (continuedLater - later) * coldWorth) / (1 - later);
  return warmWorth < coldWorth ? coldWorth - warmWorth : 0;
};

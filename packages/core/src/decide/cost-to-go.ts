import { chooseMarks } from "./choose-marks.ts";
import type { Evaluation } from "./evaluate.ts";

/** A conversation never counts for more than this many further turns. */
export const MOST_CONTINUED = 0.97;
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
export const addCostToGo = (evaluation: Evaluation): void => {
  // Written out, since an imported name is read anew at every use: half the time of this loop.
  const CACHE_EXPLICIT = 2;
  const CELLS = 32;
  const COLD = 12;
  const GAP_BINS = 8;
  const NOW = 11;
  const OFFERING_BITS = 10;
  const OFFERING_CACHE_MODE = 5;
  const ROW = 0;
  const SAVED = 13;
  const TO_GO = 16;
  const WARM_LATER = 15;
  const WARM_NEXT = 14;
  const { state, scratch: s, count, belief } = evaluation;
  const { turns, columns } = state.learned;
  const { bits } = columns;
  const { cells } = s;
  const looksAhead = state.options.costToGo;
  const none = GAP_BINS - 1;
  const continued = looksAhead ? 1 - (turns.odds[belief.key * GAP_BINS + none] ?? 1) : 0;
  const continuedLater = looksAhead
    ? Math.min(MOST_CONTINUED, 1 - (turns.odds[belief.laterKey * GAP_BINS + none] ?? 1))
    : 0;
  const end = count * CELLS;
  let coldWorth = Infinity;
  for (let at = 0; at < end; at += CELLS) {
    let worth = (cells[at + COLD] ?? 0) - (cells[at + WARM_LATER] ?? 0) * (cells[at + SAVED] ?? 0);
    const now = cells[at + NOW] ?? 0;
    // Marks may be left out: then a turn costs the plain input.
    const mode = bits[(cells[at + ROW] ?? 0) * OFFERING_BITS + OFFERING_CACHE_MODE] ?? 0;
    if (mode === CACHE_EXPLICIT && now < worth) worth = now;
    if (worth < coldWorth) coldWorth = worth;
  }
  coldWorth /= 1 - continuedLater;
  if (coldWorth === Infinity) return;
  const allCold = continued * coldWorth;
  for (let at = 0; at < end; at += CELLS) {
    const later = cells[at + WARM_LATER] ?? 0;
    const cold = cells[at + COLD] ?? 0;
    const saved = cells[at + SAVED] ?? 0;
    const mode = bits[(cells[at + ROW] ?? 0) * OFFERING_BITS + OFFERING_CACHE_MODE] ?? 0;
    let toGo = allCold;
    let gain = 0;
    if (saved > 0) {
      const warmWorth = (cold - saved + (continuedLater - later) * coldWorth) / (1 - later);
      if (warmWorth < coldWorth) gain = coldWorth - warmWorth;
      toGo -= (cells[at + WARM_NEXT] ?? 0) * gain;
    }
    cells[at + TO_GO] = toGo;
    if (mode === CACHE_EXPLICIT && cold !== Infinity)
      chooseMarks(evaluation, at / CELLS, { continued, continuedLater, coldWorth, gain });
  }
};

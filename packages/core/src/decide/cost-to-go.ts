import { GAP_BINS } from "../reuse/gap-bins.ts";
import { CACHE_EXPLICIT } from "../state/columns.ts";
import type { Evaluation } from "./evaluate.ts";
import {
  DIRECTIVE_READ,
  DIRECTIVE_SHARED,
  DIRECTIVE_WRITE,
  DIRECTIVE_WRITE_1H,
} from "./scratch.ts";

/** A conversation never counts for more than this many further turns. */
const MOST_CONTINUED = 0.97;
/** Odds that a one-hour entry is found by the next turn, if that comes within the hour. */
const ONE_HOUR_ODDS = 0.97;
const FIVE_MINUTES_MS = 300_000;

/** What is known once every candidate has been looked at. */
type Prospect = {
  readonly continued: number;
  readonly continuedLater: number;
  readonly coldWorth: number;
  /** What being warm is worth to the next turn. */
  readonly gain: number;
};

/** What a mark at the prefix that others share is worth to them: they come like a Poisson process. */
const sharedWorth = (evaluation: Evaluation, k: number, prospect: Prospect): number => {
  const { state, scratch: s, belief, nowMs } = evaluation;
  const { prefixes } = state.learned;
  const entry = belief.sharedEntry;
  const sinceMs = nowMs - (prefixes.firstSeenMs[entry] ?? 0) + FIVE_MINUTES_MS / 4;
  const rate = ((prefixes.count[entry] ?? 0) - 1) / sinceMs;
  const soon = 1 - Math.exp(-rate * FIVE_MINUTES_MS);
  const reading = (s.now[k] ?? 0) - belief.sharedTokens * ((s.input[k] ?? 0) - (s.read[k] ?? 0));
  return soon * Math.max(0, prospect.coldWorth * (1 - prospect.continuedLater) - reading);
};

/** The marks that cost least, this request and what follows taken together. */
const chooseMarks = (evaluation: Evaluation, k: number, prospect: Prospect): void => {
  const { state, scratch: s, belief, groups } = evaluation;
  const { columns: c } = state.learned;
  const { continued, coldWorth, gain } = prospect;
  const i = s.row[k] ?? 0;
  const allCold = continued * coldWorth;
  const cacheable = s.warm[k] ?? 0;
  const minimum = c.cacheMinimum[i] ?? 0;
  s.toGo[k] = allCold;
  if (cacheable <= 0 || (groups[s.group[k] ?? 0]?.prompt.tokens ?? 0) < minimum) return;
  const slot = s.slot[k] ?? -1;
  const warmNext = s.warmNext[k] ?? 0;
  const input = s.input[k] ?? 0;
  const write = s.write[k] ?? 0;
  const plain = s.now[k] ?? 0;
  const cached = slot < 0 ? 0 : Math.min(cacheable, belief.cached[slot] ?? 0);
  const longest = slot < 0 ? 0 : Math.min(cacheable, belief.longest[slot] ?? 0);
  const reading = plain - cached * (input - (s.read[k] ?? 0));
  const consider = (directive: number, now: number, toGo: number, written: number): void => {
    if (now + toGo >= (s.now[k] ?? 0) + (s.toGo[k] ?? 0)) return;
    s.now[k] = now;
    s.toGo[k] = toGo;
    s.directive[k] = directive;
    s.written[k] = written;
    s.cached[k] = cached;
  };
  const shared = Math.min(cacheable, belief.sharedTokens);
  const others =
    belief.sharedEntry >= 0 && shared > longest && shared >= minimum
      ? sharedWorth(evaluation, k, prospect)
      : 0;
  if (cached > 0) {
    // What turns out to be cold is written again.
    const missing = longest - cached;
    consider(
      DIRECTIVE_READ,
      reading + missing * (write - input),
      allCold - (warmNext * gain * longest) / cacheable,
      missing,
    );
  }
  const missing = cacheable - cached;
  consider(
    DIRECTIVE_WRITE,
    reading + missing * (write - input),
    allCold - warmNext * gain - others,
    missing,
  );
  if (c.oneHour[i] === 1) {
    consider(
      DIRECTIVE_WRITE_1H,
      reading + missing * ((s.write1h[k] ?? 0) - input),
      allCold - continued * ONE_HOUR_ODDS * gain - others,
      missing,
    );
  }
  if (others > 0) {
    const part = Math.max(0, shared - cached);
    consider(DIRECTIVE_SHARED, reading + part * (write - input), allCold - others, part);
  }
};

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
  const { state, scratch: s, count, belief } = evaluation;
  const { turns } = state.learned;
  const { cacheMode } = state.learned.columns;
  const { now, cold: colds, saved: savings, warmNext, warmLater, row, toGo } = s;
  const looksAhead = state.options.costToGo;
  const none = GAP_BINS - 1;
  const continued = looksAhead ? 1 - (turns.odds[belief.key * GAP_BINS + none] ?? 1) : 0;
  const continuedLater = looksAhead
    ? Math.min(MOST_CONTINUED, 1 - (turns.odds[belief.laterKey * GAP_BINS + none] ?? 1))
    : 0;
  let coldWorth = Infinity;
  for (let k = 0; k < count; k += 1) {
    let worth = (colds[k] ?? 0) - (warmLater[k] ?? 0) * (savings[k] ?? 0);
    // Marks may be left out: then a turn costs the plain input.
    if (cacheMode[row[k] ?? 0] === CACHE_EXPLICIT && (now[k] ?? 0) < worth) worth = now[k] ?? 0;
    if (worth < coldWorth) coldWorth = worth;
  }
  coldWorth /= 1 - continuedLater;
  if (coldWorth === Infinity) return;
  for (let k = 0; k < count; k += 1) {
    const later = warmLater[k] ?? 0;
    const cold = colds[k] ?? 0;
    const warmWorth =
      (cold - (savings[k] ?? 0) + (continuedLater - later) * coldWorth) / (1 - later);
    const gain = warmWorth < coldWorth ? coldWorth - warmWorth : 0;
    toGo[k] = continued * coldWorth - (warmNext[k] ?? 0) * gain;
    if (cacheMode[row[k] ?? 0] === CACHE_EXPLICIT && cold !== Infinity)
      chooseMarks(evaluation, k, { continued, continuedLater, coldWorth, gain });
  }
};

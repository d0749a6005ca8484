import { bitOf, numberOf, OFFERING_CACHE_MINIMUM, OFFERING_ONE_HOUR } from "../state/columns.ts";
import type { Evaluation } from "./evaluate.ts";
import {
  CACHED,
  cell,
  COLD,
  DIRECTIVE,
  DIRECTIVE_READ,
  DIRECTIVE_SHARED,
  DIRECTIVE_WRITE,
  DIRECTIVE_WRITE_1H,
  GROUP,
  NOW,
  RATE_INPUT,
  RATE_READ,
  RATE_WRITE,
  RATE_WRITE_1H,
  ROW,
  SAVED,
  setCell,
  SLOT,
  SUM_CHEAPEST,
  TO_GO,
  WARM,
  WARM_NEXT,
  WRITTEN,
} from "./scratch.ts";
import { gainOf } from "./cost-to-go.ts";

/** Odds that a one-hour entry is found by the next turn, if that comes within the hour. */
const ONE_HOUR_ODDS = 0.97;
const FIVE_MINUTES_MS = 300_000;

/** In SAVED: the cost to go stands in its cell. */
export const MARKED: number = -Infinity;

/** What a mark at the prefix that others share is worth to them: they come like a Poisson process. */
const sharedWorth = (evaluation: Evaluation, k: number): number => {
  const { state, scratch: s, belief, prospect, nowMs } = evaluation;
  const { prefixes } = state.learned;
  const entry = belief.sharedEntry;
  const sinceMs = nowMs - (prefixes.firstSeenMs[entry] ?? 0) + FIVE_MINUTES_MS / 4;
  const rate = ((prefixes.count[entry] ?? 0) - 1) / sinceMs;
  const soon = 1 - Math.exp(-rate * FIVE_MINUTES_MS);
  const reading =
    cell(s, k, NOW) - belief.sharedTokens * (cell(s, k, RATE_INPUT) - cell(s, k, RATE_READ));
  return soon * Math.max(0, prospect.coldWorth * (1 - prospect.continuedLater) - reading);
};

/** The marks that cost least, this request and what follows taken together. */
const chooseMarks = (evaluation: Evaluation, k: number): void => {
  const { state, scratch: s, belief, prospect, groups } = evaluation;
  const { columns: c } = state.learned;
  const { continued, coldWorth } = prospect;
  const i = cell(s, k, ROW);
  const allCold = continued * coldWorth;
  const cacheable = cell(s, k, WARM);
  const minimum = numberOf(c, i, OFFERING_CACHE_MINIMUM);
  setCell(s, k, TO_GO, allCold);
  if ((groups[cell(s, k, GROUP)]?.prompt.tokens ?? 0) < minimum || cacheable <= 0) return;
  const slot = cell(s, k, SLOT);
  const warmNext = cell(s, k, WARM_NEXT);
  const later = warmNext * prospect.laterShare;
  const gain = gainOf(prospect, cell(s, k, COLD), cell(s, k, SAVED), later);
  const input = cell(s, k, RATE_INPUT);
  const write = cell(s, k, RATE_WRITE);
  const plain = cell(s, k, NOW);
  const cached = slot < 0 ? 0 : Math.min(cacheable, belief.cached[slot] ?? 0);
  const longest = slot < 0 ? 0 : Math.min(cacheable, belief.longest[slot] ?? 0);
  const reading = plain - cached * (input - cell(s, k, RATE_READ));
  const shared = Math.min(cacheable, belief.sharedTokens);
  const others =
    belief.sharedEntry >= 0 && shared > longest && shared >= minimum
      ? sharedWorth(evaluation, k)
      : 0;
  const consider = (kind: number, now: number, toGo: number, written: number): void => {
    if (now + toGo >= cell(s, k, NOW) + cell(s, k, TO_GO)) return;
    setCell(s, k, NOW, now);
    setCell(s, k, TO_GO, toGo);
    setCell(s, k, DIRECTIVE, kind);
    setCell(s, k, WRITTEN, written);
    setCell(s, k, CACHED, cached);
  };
  if (cached > 0) {
    // What turns out to be cold is written again.
    const written = longest - cached;
    const now = reading + written * (write - input);
    const toGo = allCold - (warmNext * gain * longest) / cacheable;
    consider(DIRECTIVE_READ, now, toGo, written);
  }
  const written = cacheable - cached;
  const now = reading + written * (write - input);
  const toGo = allCold - warmNext * gain - others;
  consider(DIRECTIVE_WRITE, now, toGo, written);
  if (bitOf(c, i, OFFERING_ONE_HOUR) === 1) {
    const hourNow = reading + written * (cell(s, k, RATE_WRITE_1H) - input);
    const hourToGo = allCold - continued * ONE_HOUR_ODDS * gain - others;
    consider(DIRECTIVE_WRITE_1H, hourNow, hourToGo, written);
  }
  if (others > 0) {
    const part = Math.max(0, shared - cached);
    const partNow = reading + part * (write - input);
    const partToGo = allCold - others;
    consider(DIRECTIVE_SHARED, partNow, partToGo, part);
  }
};

/** Chooses the marks of every candidate whose cache must be asked for, and says so in SAVED. */
export const chooseAllMarks = (evaluation: Evaluation): void => {
  const { scratch: s } = evaluation;
  let cheapest = s.sums[SUM_CHEAPEST] ?? Infinity;
  for (let n = 0; n < s.marking; n += 1) {
    const k = s.toMark[n] ?? 0;
    if (cell(s, k, COLD) !== Infinity) {
      chooseMarks(evaluation, k);
      setCell(s, k, SAVED, MARKED);
    }
    const now = cell(s, k, NOW);
    if (now < cheapest) cheapest = now;
  }
  s.sums[SUM_CHEAPEST] = cheapest;
};

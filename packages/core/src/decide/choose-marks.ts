import { bitOf, numberOf, OFFERING_CACHE_MINIMUM, OFFERING_ONE_HOUR } from "../state/columns.ts";
import type { Evaluation } from "./evaluate.ts";
import {
  CACHED,
  cell,
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
  setCell,
  SLOT,
  TO_GO,
  WARM,
  WARM_NEXT,
  WRITTEN,
} from "./scratch.ts";

/** Odds that a one-hour entry is found by the next turn, if that comes within the hour. */
const ONE_HOUR_ODDS = 0.97;
const FIVE_MINUTES_MS = 300_000;

/** What is known once every candidate has been looked at. */
export type Prospect = {
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
  const reading =
    cell(s, k, NOW) - belief.sharedTokens * (cell(s, k, RATE_INPUT) - cell(s, k, RATE_READ));
  return soon * Math.max(0, prospect.coldWorth * (1 - prospect.continuedLater) - reading);
};

/** The marks that cost least, this request and what follows taken together. */
export const chooseMarks = (evaluation: Evaluation, k: number, prospect: Prospect): void => {
  const { state, scratch: s, belief, groups } = evaluation;
  const { columns: c } = state.learned;
  const { continued, coldWorth, gain } = prospect;
  const i = cell(s, k, ROW);
  const allCold = continued * coldWorth;
  const cacheable = cell(s, k, WARM);
  const minimum = numberOf(c, i, OFFERING_CACHE_MINIMUM);
  setCell(s, k, TO_GO, allCold);
  if (cacheable <= 0 || (groups[cell(s, k, GROUP)]?.prompt.tokens ?? 0) < minimum) return;
  const slot = cell(s, k, SLOT);
  const warmNext = cell(s, k, WARM_NEXT);
  const input = cell(s, k, RATE_INPUT);
  const write = cell(s, k, RATE_WRITE);
  const plain = cell(s, k, NOW);
  const cached = slot < 0 ? 0 : Math.min(cacheable, belief.cached[slot] ?? 0);
  const longest = slot < 0 ? 0 : Math.min(cacheable, belief.longest[slot] ?? 0);
  const reading = plain - cached * (input - cell(s, k, RATE_READ));
  const consider = (directive: number, now: number, toGo: number, written: number): void => {
    if (now + toGo >= cell(s, k, NOW) + cell(s, k, TO_GO)) return;
    setCell(s, k, NOW, now);
    setCell(s, k, TO_GO, toGo);
    setCell(s, k, DIRECTIVE, directive);
    setCell(s, k, WRITTEN, written);
    setCell(s, k, CACHED, cached);
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
  if (bitOf(c, i, OFFERING_ONE_HOUR) === 1) {
    consider(
      DIRECTIVE_WRITE_1H,
      reading + missing * (cell(s, k, RATE_WRITE_1H) - input),
      allCold - continued * ONE_HOUR_ODDS * gain - others,
      missing,
    );
  }
  if (others > 0) {
    const part = Math.max(0, shared - cached);
    consider(DIRECTIVE_SHARED, reading + part * (write - input), allCold - others, part);
  }
};

import { GAP_BINS } from "../reuse/gap-bins.ts";
import { CACHE_EXPLICIT } from "../state/columns.ts";
import type { Evaluation } from "./evaluate.ts";
import {
  DIRECTIVE_NONE,
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

/**
 * What the choice means for the conversation's later turns, each taken for a prompt like this one.
 *
 * Let r be the odds that a turn is followed by another, s ≤ r those that it also finds its prompt
 * warm at a candidate, c and w what a turn costs there cold and warm. Staying from a cold start costs
 * (c − s·(c − w)) / (1 − r) in all, so a conversation that is warm nowhere is worth
 * C = min over candidates of that. One that is warm at a candidate is worth
 * W = min(C, (w + (r − s)·C) / (1 − s)), and choosing it now means s·W + (r − s)·C later on. For explicit
 * caches the same value says which mark pays: none, one that only reads, a write for five minutes or
 * an hour, or a write of what other conversations share.
 */
export const addCostToGo = (evaluation: Evaluation): void => {
  const { state, scratch: s, count, belief, groups, nowMs } = evaluation;
  const { turns, columns: c, prefixes } = state.learned;
  const looksAhead = state.options.costToGo;
  const lastBin = GAP_BINS - 1;
  const continued = looksAhead ? 1 - (turns.odds[belief.key * GAP_BINS + lastBin] ?? 1) : 0;
  const continuedLater = looksAhead
    ? Math.min(MOST_CONTINUED, 1 - (turns.odds[belief.laterKey * GAP_BINS + lastBin] ?? 1))
    : 0;
  const withinHour = continued * ONE_HOUR_ODDS;
  let coldWorth = Infinity;
  for (let k = 0; k < count; k += 1) {
    const cold = s.cold[k] ?? 0;
    let worth = cold - (s.warmLater[k] ?? 0) * (s.saved[k] ?? 0);
    // Marks may be left out: then a turn costs the plain input.
    if (c.cacheMode[s.row[k] ?? 0] === CACHE_EXPLICIT) worth = Math.min(worth, s.now[k] ?? 0);
    if (worth < coldWorth) coldWorth = worth;
  }
  coldWorth /= 1 - continuedLater;
  if (coldWorth === Infinity) return;
  for (let k = 0; k < count; k += 1) {
    const i = s.row[k] ?? 0;
    const warmNext = s.warmNext[k] ?? 0;
    const warmLater = s.warmLater[k] ?? 0;
    const saved = s.saved[k] ?? 0;
    const cold = s.cold[k] ?? 0;
    let warmWorth = (cold - saved + (continuedLater - warmLater) * coldWorth) / (1 - warmLater);
    if (!(warmWorth < coldWorth)) warmWorth = coldWorth;
    const gain = coldWorth - warmWorth;
    if (c.cacheMode[i] !== CACHE_EXPLICIT || cold === Infinity) {
      s.toGo[k] = continued * coldWorth - warmNext * gain;
      continue;
    }
    const plain = s.now[k] ?? 0;
    const slot = s.slot[k] ?? -1;
    const cacheable = s.warm[k] ?? 0;
    const input = s.input[k] ?? 0;
    const read = s.read[k] ?? 0;
    const write = s.write[k] ?? 0;
    const promptTokens = groups[s.group[k] ?? 0]?.prompt.tokens ?? 0;
    const allCold = continued * coldWorth;
    let cached = slot < 0 ? 0 : (belief.cached[slot] ?? 0);
    if (cached > cacheable) cached = cacheable;
    const longest = slot < 0 ? 0 : Math.min(cacheable, belief.longest[slot] ?? 0);
    let now = plain;
    let toGo = allCold;
    let directive = DIRECTIVE_NONE;
    if (cacheable > 0 && promptTokens >= (c.cacheMinimum[i] ?? 0)) {
      if (cached > 0) {
        const readNow = plain - cached * (input - read) + (longest - cached) * (write - input);
        const readToGo = allCold - (warmNext * gain * longest) / cacheable;
        if (readNow + readToGo < now + toGo) {
          now = readNow;
          toGo = readToGo;
          directive = DIRECTIVE_READ;
        }
      }
      const missing = cacheable - cached;
      const saving = cached * (input - read);
      const writeNow = plain - saving + missing * (write - input);
      const writeToGo = allCold - warmNext * gain;
      if (writeNow + writeToGo < now + toGo) {
        now = writeNow;
        toGo = writeToGo;
        directive = DIRECTIVE_WRITE;
      }
      if (c.oneHour[i] === 1) {
        const hourNow = plain - saving + missing * ((s.write1h[k] ?? 0) - input);
        const hourToGo = allCold - withinHour * gain;
        if (hourNow + hourToGo < now + toGo) {
          now = hourNow;
          toGo = hourToGo;
          directive = DIRECTIVE_WRITE_1H;
        }
      }
      const entry = belief.sharedEntry;
      const shared = Math.min(cacheable, belief.sharedTokens);
      if (entry >= 0 && shared > longest && shared >= (c.cacheMinimum[i] ?? 0) && looksAhead) {
        // Uses of a shared prefix come like a Poisson process at the rate seen so far.
        const since = nowMs - (prefixes.firstSeenMs[entry] ?? 0) + FIVE_MINUTES_MS / 4;
        const rate = ((prefixes.count[entry] ?? 0) - 1) / since;
        const soon = 1 - Math.exp(-rate * FIVE_MINUTES_MS);
        const reuse = plain - shared * (input - read);
        const worth = Math.max(0, coldWorth * (1 - continuedLater) - reuse);
        const sharedNow = plain - saving + (shared - cached) * (write - input);
        const sharedToGo = allCold - soon * worth;
        if (sharedNow + sharedToGo < now + toGo) {
          now = sharedNow;
          toGo = sharedToGo;
          directive = DIRECTIVE_SHARED;
        }
      }
    }
    s.now[k] = now;
    s.toGo[k] = toGo;
    s.directive[k] = directive;
    s.cached[k] = directive === DIRECTIVE_NONE ? 0 : cached;
    s.written[k] =
      directive === DIRECTIVE_WRITE || directive === DIRECTIVE_WRITE_1H
        ? cacheable - cached
        : directive === DIRECTIVE_SHARED
          ? Math.max(0, belief.sharedTokens - cached)
          : 0;
  }
};

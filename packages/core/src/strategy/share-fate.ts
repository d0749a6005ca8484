import { cell, COST_TERM, KEY, RANK, ROW } from "../decide/scratch.ts";
import type { Evaluation } from "../decide/evaluate.ts";
import type { Offering } from "../offering/offering.ts";
import { placed } from "./place.ts";

/** Places whose order accounts for shared fate: more than these are hardly ever tried. */
const FIRST_PLACES = 4;
/**
 * How much worse a fallback may be that fails for other reasons than those before it: odds that a provider's
 * failure is one of the whole provider, or of the whole region.
 */
const SAME_PROVIDER = 0.1;
const SAME_REGION = 0.02;

const handicap = (offering: Offering, before: Offering): number => {
  if (offering.provider === before.provider) return SAME_PROVIDER;
  return offering.region !== null && offering.region === before.region ? SAME_REGION : 0;
};

/**
 * Orders the fallbacks behind the first place: each next one is the best left, once what shares provider or
 * region with those before it counts as that much worse. The first place is never touched, and no
 * class of candidates passes another.
 */
export const shareFate = (evaluation: Evaluation, length: number): void => {
  const { state, scratch: s, strategy } = evaluation;
  const offeringAt = (place: number): Offering | undefined =>
    state.learned.rows[cell(s, placed[place] ?? 0, ROW)]?.offering;
  const sharedAt = (place: number, chosen: number): number => {
    const offering = offeringAt(place);
    let shared = 0;
    for (let at = 0; at < chosen; at += 1) {
      const before = offeringAt(at);
      if (offering !== undefined && before !== undefined)
        shared = Math.max(shared, handicap(offering, before));
    }
    return shared;
  };
  const worth = (place: number, chosen: number): number => {
    const k = placed[place] ?? 0;
    const shared = sharedAt(place, chosen);
    // Scores are negative keys, better the lower; costs and times better the lower too.
    const key = strategy.focus === "cost" ? cell(s, k, COST_TERM) : cell(s, k, KEY);
    return key < 0 ? key * (1 - shared) : key * (1 + shared);
  };
  for (let chosen = 1; chosen < Math.min(FIRST_PLACES, length - 1); chosen += 1) {
    // The best left that shares nothing stays the best left.
    if (sharedAt(chosen, chosen) === 0) continue;
    const rank = cell(s, placed[chosen] ?? 0, RANK);
    let best = chosen;
    let bestWorth = worth(chosen, chosen);
    for (let place = chosen + 1; place < length; place += 1) {
      if (cell(s, placed[place] ?? 0, RANK) !== rank) break;
      const other = worth(place, chosen);
      if (other < bestWorth * (bestWorth < 0 ? 1 + 1e-9 : 1 - 1e-9)) {
        best = place;
        bestWorth = other;
      }
    }
    const k = placed[best] ?? 0;
    for (let at = best; at > chosen; at -= 1) placed[at] = placed[at - 1] ?? 0;
    placed[chosen] = k;
  }
};

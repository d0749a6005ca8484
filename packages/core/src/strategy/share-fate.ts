import { cell, COST_TERM, KEY, RANK, ROW } from "../decide/scratch.ts";
import type { Evaluation } from "../decide/evaluate.ts";
import type { Columns } from "../state/columns.ts";
import { placed } from "./place.ts";

/** Places whose order accounts for shared fate: more than these are hardly ever tried. */
const FIRST_PLACES = 4;
/**
 * How much worse a fallback may be that fails for other reasons than those before it: odds that a provider's
 * failure is one of the whole provider, or of the whole region.
 */
const SAME_PROVIDER = 0.1;
const SAME_REGION = 0.02;

const handicap = ({ bits }: Columns, row: number, before: number): number => {
  // Written out, since an imported name is read anew at every use.
  const OFFERING_BITS = 10;
  const OFFERING_PROVIDER = 2;
  const OFFERING_REGION = 8;
  const a = row * OFFERING_BITS;
  const b = before * OFFERING_BITS;
  if (bits[a + OFFERING_PROVIDER] === bits[b + OFFERING_PROVIDER]) return SAME_PROVIDER;
  const region = bits[a + OFFERING_REGION] ?? 0;
  return region !== 0 && region === bits[b + OFFERING_REGION] ? SAME_REGION : 0;
};

/** How much a place shares with the first so many. */
const sharedAt = ({ state, scratch: s }: Evaluation, place: number, chosen: number): number => {
  const { columns } = state.learned;
  const row = cell(s, placed[place] ?? 0, ROW);
  let shared = 0;
  for (let at = 0; at < chosen; at += 1) {
    const own = handicap(columns, row, cell(s, placed[at] ?? 0, ROW));
    if (own > shared) shared = own;
  }
  return shared;
};

const worthAt = (evaluation: Evaluation, place: number, chosen: number): number => {
  const { scratch: s, strategy } = evaluation;
  const k = placed[place] ?? 0;
  const shared = sharedAt(evaluation, place, chosen);
  // Scores are negative keys, better the lower; costs and times better the lower too.
  const key = strategy.focus === "cost" ? cell(s, k, COST_TERM) : cell(s, k, KEY);
  return key < 0 ? key * (1 - shared) : key * (1 + shared);
};

/**
 * Orders the fallbacks behind the first place: each next one is the best left, once what shares provider or
 * region with those before it counts as that much worse. The first place is never touched, and no
 * class of candidates passes another.
 */
export const shareFate = (evaluation: Evaluation, length: number): void => {
  const { scratch: s } = evaluation;
  for (let chosen = 1; chosen < FIRST_PLACES && chosen < length - 1; chosen += 1) {
    // The best left that shares nothing stays the best left.
    if (sharedAt(evaluation, chosen, chosen) === 0) continue;
    const rank = cell(s, placed[chosen] ?? 0, RANK);
    let best = chosen;
    let bestWorth = worthAt(evaluation, chosen, chosen);
    for (let place = chosen + 1; place < length; place += 1) {
      if (cell(s, placed[place] ?? 0, RANK) !== rank) break;
      const other = worthAt(evaluation, place, chosen);
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

import type { CachePolicy } from "../cost/price-schedule.ts";
import { GAP_BINS, GAP_ENDS_MS } from "../reuse/gap-bins.ts";

/** Weight of the prior in observed reads. */
const PRIOR_WEIGHT = 4;
/** Share that an old read keeps when a new one comes: about the last fifty of a bin count. */
const KEEP = 0.98;
/** Odds within a documented lifetime, and after it. */
const ALIVE = 0.93;
const EXPIRED = 0.03;
/** Odds by idle time where no lifetime is documented. */
const UNDOCUMENTED: readonly number[] = [0.9, 0.88, 0.85, 0.75, 0.4, 0.15, 0.05, 0.02];

/** Odds believed beforehand that a prefix is still warm after so long a pause. */
export const priorHitOdds = (cache: CachePolicy, bin: number): number => {
  if (cache.mode === "none") return 0;
  if (cache.ttlSeconds === null) return UNDOCUMENTED[bin] ?? 0;
  const startMs = bin === 0 ? 0 : (GAP_ENDS_MS[bin - 1] ?? 0);
  const endMs = GAP_ENDS_MS[bin] ?? Infinity;
  const ttlMs = cache.ttlSeconds * 1000;
  if (ttlMs >= endMs) return ALIVE;
  if (ttlMs <= startMs) return EXPIRED;
  return EXPIRED + ((ALIVE - EXPIRED) * (ttlMs - startMs)) / (endMs - startMs);
};

/** Beta counts of reads that hit, by offering and idle time, with the odds they come to. */
export type HitOdds = {
  readonly hits: Float64Array;
  readonly misses: Float64Array;
  readonly prior: Float64Array;
  readonly odds: Float64Array;
};

export const newHitOdds = (caches: readonly CachePolicy[]): HitOdds => {
  const prior = Float64Array.from({ length: caches.length * GAP_BINS }, (_, cell) => {
    const cache = caches[Math.floor(cell / GAP_BINS)];
    return cache === undefined ? 0 : priorHitOdds(cache, cell % GAP_BINS);
  });
  return {
    hits: new Float64Array(prior.length),
    misses: new Float64Array(prior.length),
    prior,
    odds: prior.slice(),
  };
};

/** Sets the odds of a cell from its counts. */
export const renewHitOdds = (table: HitOdds, cell: number): void => {
  const hits = table.hits[cell] ?? 0;
  table.odds[cell] =
    (hits + (table.prior[cell] ?? 0) * PRIOR_WEIGHT) /
    (hits + (table.misses[cell] ?? 0) + PRIOR_WEIGHT);
};

/** One read of a prefix that was believed warm: `share` of it was reported cached. */
export const learnHit = (table: HitOdds, cell: number, share: number): void => {
  table.hits[cell] = (table.hits[cell] ?? 0) * KEEP + share;
  table.misses[cell] = (table.misses[cell] ?? 0) * KEEP + 1 - share;
  renewHitOdds(table, cell);
};

/** Gives the rows of a new table the counts of the rows they had in an old one, -1 = none. */
export const transferHitOdds = (
  from: HitOdds,
  to: HitOdds,
  oldRowOf: (row: number) => number,
): HitOdds => {
  for (let cell = 0; cell < to.odds.length; cell += 1) {
    const oldRow = oldRowOf(Math.floor(cell / GAP_BINS));
    if (oldRow < 0) continue;
    const source = oldRow * GAP_BINS + (cell % GAP_BINS);
    to.hits[cell] = from.hits[source] ?? 0;
    to.misses[cell] = from.misses[source] ?? 0;
    renewHitOdds(to, cell);
  }
  return to;
};

import { clone } from "../state/clone.ts";

/**
 * A decayed histogram with logarithmic buckets (DDSketch, Masson et al., VLDB 2019): quantiles within
 * 0.9 % of the true value, for positive values. Weights decay by elapsed time: forward decay
 * (Cormode et al., ICDE 2009), so that nothing has to be touched when time passes, and two sketches
 * merge by adding. Mutated by `addToSketch` only; plain data, so it serialises as it is.
 */
export type QuantileSketch = {
  readonly halfLifeMs: number;
  /** Moment that weights are relative to, Unix ms. */
  landmarkMs: number;
  /** Number of the first bucket; bucket n holds values in (γ^(n−1), γ^n]. */
  first: number;
  weights: number[];
  /** Values added, not decayed. */
  seen: number;
};

/** Relative error a bucket's middle makes at most. */
const ERROR = 0.009;
const GAMMA = (1 + ERROR) / (1 - ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/** Buckets span a factor of about 10^8; what lies lower is counted in the lowest. */
const MOST_BUCKETS = 1024;
/** Weights are brought down when they pass 2^40. */
const MOST_HALF_LIVES = 40;

export const newQuantileSketch = (halfLifeMs: number): QuantileSketch => ({
  halfLifeMs,
  landmarkMs: 0,
  first: 0,
  weights: [],
  seen: 0,
});

const moveLandmark = (sketch: QuantileSketch, toMs: number): void => {
  if (sketch.landmarkMs === toMs) return;
  const factor = 2 ** ((sketch.landmarkMs - toMs) / sketch.halfLifeMs);
  sketch.landmarkMs = toMs;
  for (let index = 0; index < sketch.weights.length; index += 1)
    sketch.weights[index] = (sketch.weights[index] ?? 0) * factor;
};

const addWeight = (sketch: QuantileSketch, bucket: number, weight: number): void => {
  const { weights } = sketch;
  if (weights.length === 0) sketch.first = bucket;
  // Room is made a few buckets at a time, below and above.
  while (bucket < sketch.first && weights.length < MOST_BUCKETS) {
    weights.unshift(0);
    sketch.first -= 1;
  }
  while (bucket >= sketch.first + weights.length) {
    weights.push(0);
    if (weights.length > MOST_BUCKETS) {
      const lowest = weights.shift() ?? 0;
      weights[0] = (weights[0] ?? 0) + lowest;
      sketch.first += 1;
    }
  }
  const index = Math.max(0, bucket - sketch.first);
  weights[index] = (weights[index] ?? 0) + weight;
};

/** Adds a value seen at a moment; values that are not positive are taken for the smallest there is. */
export const addToSketch = (sketch: QuantileSketch, value: number, nowMs: number): void => {
  if (sketch.seen === 0) sketch.landmarkMs = nowMs;
  if (nowMs - sketch.landmarkMs > MOST_HALF_LIVES * sketch.halfLifeMs) moveLandmark(sketch, nowMs);
  // Adding 0 makes 0 of -0, which JSON would not keep.
  const bucket = Math.ceil(Math.log(Math.max(1e-9, value)) / LOG_GAMMA) + 0;
  addWeight(sketch, bucket, 2 ** ((nowMs - sketch.landmarkMs) / sketch.halfLifeMs));
  sketch.seen += 1;
};

/** The value below which a share of the decayed weight lies; `NaN` if nothing was added. */
export const quantileOf = (sketch: QuantileSketch, share: number): number => {
  const { weights, first } = sketch;
  let total = 0;
  for (const weight of weights) total += weight;
  if (total === 0) return Number.NaN;
  let below = 0;
  let index = 0;
  while (index < weights.length - 1) {
    below += weights[index] ?? 0;
    if (below >= share * total && below > 0) break;
    index += 1;
  }
  // Middle of the bucket in relative terms: 2γ^n / (γ + 1).
  return (2 * Math.exp((first + index) * LOG_GAMMA)) / (GAMMA + 1);
};

/**
 * Both sketches as one: commutative and associative up to rounding, not idempotent, since weights add
 * up.
 *
 * @throws RangeError if their half-lives differ.
 */
export const mergeSketches = (a: QuantileSketch, b: QuantileSketch): QuantileSketch => {
  if (a.halfLifeMs !== b.halfLifeMs) {
    throw new RangeError(`half-lives differ: ${a.halfLifeMs} and ${b.halfLifeMs} ms`);
  }
  const merged = clone(a);
  const other = clone(b);
  if (merged.seen === 0) return other;
  if (other.seen === 0) return merged;
  const landmarkMs = Math.max(a.landmarkMs, b.landmarkMs);
  moveLandmark(merged, landmarkMs);
  moveLandmark(other, landmarkMs);
  for (const [index, weight] of other.weights.entries()) {
    if (weight > 0) addWeight(merged, other.first + index, weight);
  }
  merged.seen += other.seen;
  return merged;
};

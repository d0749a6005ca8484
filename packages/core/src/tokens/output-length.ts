import { addToSketch, newQuantileSketch, quantileOf } from "../latency/quantile-sketch.ts";
import type { QuantileSketch } from "../latency/quantile-sketch.ts";

/** A law of lengths, tokens, not rounded. */
export type AnswerLength = { readonly mean: number; readonly p50: number; readonly p95: number };

/**
 * Lengths of the answers of one kind: a decayed sketch, blended with a prior by evidence. Mutated by
 * `learnOutputLength` only; plain data, so it serialises as it is.
 */
export type OutputLength = {
  /** Its clock counts answers, not time: a workspace that rests forgets nothing. */
  readonly sketch: QuantileSketch;
  /** Decayed number of answers, and sum of their tokens. */
  weight: number;
  sum: number;
  /** Unix ms of the last answer. */
  atMs: number;
  /** What is believed now. */
  mean: number;
  p50: number;
  p95: number;
};

/** Answers after which an old one counts half: about the last hundred count. */
const HALF_LIFE_ANSWERS = 69;
const KEEP = 2 ** (-1 / HALF_LIFE_ANSWERS);
/** Weight of the prior's mean and median, in answers. */
const PRIOR_WEIGHT = 3;
/** Weight of the prior's spread: one answer in twenty lies above the 0.95 quantile. */
const PRIOR_SPREAD_WEIGHT = 20;
/** Quantiles are read at every answer up to so many, then at every so manieth: reading takes longer than adding. */
const READ_ALWAYS = 32;
const READ_EVERY = 8;
/** Standard deviation of log(length) before anything is learned; that of public chat traces is 0.8–1.2. */
const PRIOR_SIGMA = 1;
/** 0.95 quantile of the standard normal distribution. */
const Z95 = 1.645;

/** What is believed of answers nobody has seen: a log-normal law of this mean. */
export const priorLength = (mean: number): AnswerLength => {
  const logMedian = Math.log(mean) - PRIOR_SIGMA ** 2 / 2;
  return { mean, p50: Math.exp(logMedian), p95: Math.exp(logMedian + Z95 * PRIOR_SIGMA) };
};

export const newOutputLength = (prior: AnswerLength): OutputLength => ({
  sketch: newQuantileSketch(HALF_LIFE_ANSWERS),
  weight: 0,
  sum: 0,
  atMs: 0,
  mean: prior.mean,
  p50: prior.p50,
  p95: prior.p95,
});

/** Geometric mean of a seen and a believed value. */
const blend = (
  seen: number,
  prior: number,
  weights: { readonly seen: number; readonly prior: number },
): number =>
  Math.exp(
    (weights.seen * Math.log(seen) + weights.prior * Math.log(prior)) /
      (weights.seen + weights.prior),
  );

/** Takes the length of an answer that ended at `nowMs` (Unix ms). */
export const learnOutputLength = (
  learned: OutputLength,
  seen: { readonly tokens: number; readonly nowMs: number },
  prior: AnswerLength,
): void => {
  const { sketch } = learned;
  addToSketch(sketch, Math.max(1, seen.tokens), sketch.seen);
  learned.atMs = Math.max(learned.atMs, seen.nowMs);
  learned.weight = learned.weight * KEEP + 1;
  learned.sum = learned.sum * KEEP + seen.tokens;
  const { weight } = learned;
  learned.mean = (learned.sum + prior.mean * PRIOR_WEIGHT) / (weight + PRIOR_WEIGHT);
  if (sketch.seen > READ_ALWAYS && sketch.seen % READ_EVERY !== 0) return;
  const median = quantileOf(sketch, 0.5);
  // Where answers lie is soon known, how far they spread only after many.
  const spread = blend(quantileOf(sketch, 0.95) / median, prior.p95 / prior.p50, {
    seen: weight,
    prior: PRIOR_SPREAD_WEIGHT,
  });
  learned.p50 = blend(median, prior.p50, { seen: weight, prior: PRIOR_WEIGHT });
  learned.p95 = learned.p50 * spread;
};

import { addToSketch, newQuantileSketch, quantileOf } from "./quantile-sketch.ts";
import type { QuantileSketch } from "./quantile-sketch.ts";

/** What is believed of an offering's speed before it was used. */
export type LatencyPrior = {
  /** TTFT of an empty prompt, ms. @default 600 */
  readonly ttftMs?: number;
  /** TTFT that every 1,000 uncached prompt tokens add, ms. @default 60 */
  readonly ttftMsPer1kTokens?: number;
  /** Generation time per output token, ms. @default 15 */
  readonly msPerToken?: number;
};

/**
 * Decayed sums of a weighted least-squares line TTFT = a + b·x, x in 1,000 uncached tokens, and of
 * the time per output token. Mutated by `learnTtft` and `learnTimePerToken` only.
 */
export type LatencyFit = {
  weight: number;
  sumX: number;
  sumY: number;
  sumXx: number;
  sumXy: number;
  /** Decayed variance of log(observed / expected) TTFT. */
  ttftLogVariance: number;
  tokenWeight: number;
  sumMsPerToken: number;
  tokenLogVariance: number;
  /** Observed / expected, for the 0.95 quantiles; `null` = nothing observed yet. */
  ttftSketch: QuantileSketch | null;
  tokenSketch: QuantileSketch | null;
  /** 0.95 quantile / expected value. */
  ttftTail: number;
  tokenTail: number;
  /** The same of 0.995: what hardly ever takes longer. */
  ttftLimit: number;
  tokenLimit: number;
  /** Decayed sums of a line through the origin: how much each attempt in flight slows an answer. */
  loadSquares: number;
  loadProducts: number;
  /** Attempts learned from, for explanations. */
  observations: number;
  /** The same by level of reasoning; "" = none was asked for. */
  byEffort: Record<string, number>;
  /** Unix ms of the last observation; 0 = none. */
  atMs: number;
};

/** TTFT and time per token at a candidate, for this prompt. */
export type ExpectedLatency = {
  readonly ttftMs: number;
  readonly ttftP95Ms: number;
  readonly msPerToken: number;
  readonly msPerTokenP95: number;
};

const KEEP = 0.97;
const HALF_LIFE_MS = 30 * 60_000;
const PRIOR_WEIGHT = 1;
/** Two points of the prior line, in 1,000 tokens: enough to hold both of its parameters. */
const PRIOR_XS = [0, 8] as const;
const PRIOR_LOG_VARIANCE = 0.16;
const Z95 = 1.645;
/** Observations from which on quantiles are measured rather than derived from the variance. */
const FEWEST_FOR_TAIL = 40;
const TAIL_EVERY = 16;
/** Levels of reasoning that are told apart. */
const MOST_EFFORTS = 12;
/** Half-life of the sketches. */
const SKETCH_HALF_LIFE_MS = 60 * 60_000;
/** A residual beyond so many standard deviations counts as if it lay there (Huber). */
const HUBER = 2.5;
const FEWEST_FOR_OUTLIERS = 8;
/** Load believed beforehand: TTFT grows by this share per attempt in flight … */
const PRIOR_LOAD = 0.002;
/** … with the weight of this many squared attempts. */
const PRIOR_LOAD_WEIGHT = 400;

export const completePrior = (prior: LatencyPrior | undefined): Required<LatencyPrior> => ({
  ttftMs: prior?.ttftMs ?? 600,
  ttftMsPer1kTokens: prior?.ttftMsPer1kTokens ?? 60,
  msPerToken: prior?.msPerToken ?? 15,
});

export const newLatencyFit = (): LatencyFit => ({
  weight: 0,
  sumX: 0,
  sumY: 0,
  sumXx: 0,
  sumXy: 0,
  ttftLogVariance: PRIOR_LOG_VARIANCE,
  tokenWeight: 0,
  sumMsPerToken: 0,
  tokenLogVariance: PRIOR_LOG_VARIANCE,
  ttftSketch: null,
  tokenSketch: null,
  ttftTail: Math.exp(Z95 * Math.sqrt(PRIOR_LOG_VARIANCE)),
  tokenTail: Math.exp(Z95 * Math.sqrt(PRIOR_LOG_VARIANCE)),
  ttftLimit: 1,
  tokenLimit: 1,
  loadSquares: 0,
  loadProducts: 0,
  observations: 0,
  byEffort: {},
  atMs: 0,
});

/** TTFT of a prompt: `a + b · uncached tokens`, ms. */
export type TtftLine = { readonly a: number; readonly b: number };

/** The line through what was seen and two points of the prior. */
export const ttftLine = (fit: LatencyFit, prior: Required<LatencyPrior>): TtftLine => {
  let { weight, sumX, sumY, sumXx, sumXy } = fit;
  for (const at of PRIOR_XS) {
    const y = prior.ttftMs + prior.ttftMsPer1kTokens * at;
    weight += PRIOR_WEIGHT;
    sumX += PRIOR_WEIGHT * at;
    sumY += PRIOR_WEIGHT * y;
    sumXx += PRIOR_WEIGHT * at * at;
    sumXy += PRIOR_WEIGHT * at * y;
  }
  // The two prior points differ in x, so the determinant is never 0. Longer prompts are never faster.
  const slope = Math.max(0, (weight * sumXy - sumX * sumY) / (weight * sumXx - sumX * sumX));
  return { a: (sumY - slope * sumX) / weight, b: slope / 1000 };
};

export const ttftOn = (line: TtftLine, uncachedTokens: number): number =>
  Math.max(1, line.a + line.b * uncachedTokens);

export const msPerTokenOf = (fit: LatencyFit, prior: Required<LatencyPrior>): number =>
  (fit.sumMsPerToken + prior.msPerToken * PRIOR_WEIGHT) / (fit.tokenWeight + PRIOR_WEIGHT);

/** 0.95 quantile over expected value: measured once the sketch holds enough, else of a log-normal law. */
const tailOf = (sketch: QuantileSketch | null, logVariance: number): number =>
  sketch !== null && sketch.seen >= FEWEST_FOR_TAIL
    ? Math.max(1, quantileOf(sketch, 0.95))
    : Math.exp(Z95 * Math.sqrt(logVariance));

/** The sketches are read at every so manieth observation only: reading takes longer than adding. */
const renewTails = (fit: LatencyFit): void => {
  if (fit.observations % TAIL_EVERY !== 0 && fit.observations > TAIL_EVERY) return;
  fit.ttftTail = tailOf(fit.ttftSketch, fit.ttftLogVariance);
  fit.tokenTail = tailOf(fit.tokenSketch, fit.tokenLogVariance);
  if (fit.ttftSketch !== null) fit.ttftLimit = Math.max(1, quantileOf(fit.ttftSketch, 0.995));
  if (fit.tokenSketch !== null) fit.tokenLimit = Math.max(1, quantileOf(fit.tokenSketch, 0.995));
};

/** What the fit says of a prompt with so many uncached tokens. */
export const expectedLatency = (
  fit: LatencyFit,
  prior: Required<LatencyPrior>,
  uncachedTokens: number,
): ExpectedLatency => {
  const ttftMs = ttftOn(ttftLine(fit, prior), uncachedTokens);
  const msPerToken = msPerTokenOf(fit, prior);
  return {
    ttftMs,
    ttftP95Ms: ttftMs * fit.ttftTail,
    msPerToken,
    msPerTokenP95: msPerToken * fit.tokenTail,
  };
};

const keepShare = (fit: LatencyFit, nowMs: number): number =>
  KEEP * 2 ** (-Math.max(0, nowMs - fit.atMs) / HALF_LIFE_MS);

const logRatio = (observed: number, expected: number): number =>
  Math.log(Math.max(1e-3, observed) / Math.max(1e-3, expected));

/**
 * What an outlier is taken for: its value drawn towards the expected one until it is none. Where
 * little is known, or what was known has faded, nothing counts as an outlier.
 */
const tamed = (
  expected: number,
  logError: number,
  known: { readonly logVariance: number; readonly weight: number },
): number => {
  if (known.weight < FEWEST_FOR_OUTLIERS) return expected * Math.exp(logError);
  const bound = HUBER * Math.sqrt(known.logVariance);
  return expected * Math.exp(Math.min(bound, Math.max(-bound, logError)));
};

/** Share by which every attempt in flight lengthens the TTFT. */
export const loadOf = (fit: LatencyFit): number =>
  Math.max(
    0,
    (fit.loadProducts + PRIOR_LOAD * PRIOR_LOAD_WEIGHT) / (fit.loadSquares + PRIOR_LOAD_WEIGHT),
  );

/** What one successful attempt showed. */
export type LatencyObservation = {
  readonly nowMs: number;
  readonly uncachedTokens: number;
  /** `null` = nothing streamed. */
  readonly ttftMs: number | null;
  readonly totalMs: number;
  readonly outputTokens: number;
  /** Attempts in flight there beside this one. @default 0 */
  readonly inFlight?: number;
  /** Level of reasoning. @default "", none was asked for */
  readonly effort?: string;
};

/** Fewer output tokens say nothing of the time per token. */
const FEWEST_TOKENS = 4;

const learnTtft = (
  fit: LatencyFit,
  expectedMs: number,
  seen: LatencyObservation & { readonly ttftMs: number },
  keep: number,
): void => {
  const x = seen.uncachedTokens / 1000;
  const inFlight = seen.inFlight ?? 0;
  const error = logRatio(seen.ttftMs, expectedMs);
  fit.loadSquares = fit.loadSquares * KEEP + inFlight * inFlight;
  fit.loadProducts = fit.loadProducts * KEEP + inFlight * (seen.ttftMs / expectedMs - 1);
  // What the load explains is not the line's.
  const unloaded = 1 + loadOf(fit) * inFlight;
  const ownError = error - Math.log(unloaded);
  const ttftMs = tamed(expectedMs, ownError, {
    logVariance: fit.ttftLogVariance,
    weight: fit.weight * keep,
  });
  fit.ttftLogVariance = fit.ttftLogVariance * KEEP + ownError ** 2 * (1 - KEEP);
  fit.weight = fit.weight * keep + 1;
  fit.sumX = fit.sumX * keep + x;
  fit.sumY = fit.sumY * keep + ttftMs;
  fit.sumXx = fit.sumXx * keep + x * x;
  fit.sumXy = fit.sumXy * keep + x * ttftMs;
  fit.ttftSketch ??= newQuantileSketch(SKETCH_HALF_LIFE_MS);
  addToSketch(fit.ttftSketch, seen.ttftMs / expectedMs, seen.nowMs);
};

/** Takes an observation into the fit; an answer that did not stream teaches time per token only. */
export const learnLatency = (
  fit: LatencyFit,
  prior: Required<LatencyPrior>,
  seen: LatencyObservation,
): void => {
  const keep = keepShare(fit, seen.nowMs);
  const { ttftMs } = seen;
  const expectedMs = ttftOn(ttftLine(fit, prior), seen.uncachedTokens);
  const generationMs = seen.totalMs - (ttftMs ?? expectedMs);
  if (ttftMs !== null) learnTtft(fit, expectedMs, { ...seen, ttftMs }, keep);
  if (seen.outputTokens >= FEWEST_TOKENS && generationMs > 0) {
    // The first token came with the TTFT of a stream.
    const tokens = ttftMs === null ? seen.outputTokens : seen.outputTokens - 1;
    const msPerToken = generationMs / tokens;
    const expected = msPerTokenOf(fit, prior);
    const error = logRatio(msPerToken, expected);
    const believed = tamed(expected, error, {
      logVariance: fit.tokenLogVariance,
      weight: fit.tokenWeight * keep,
    });
    fit.tokenLogVariance = fit.tokenLogVariance * KEEP + error ** 2 * (1 - KEEP);
    fit.tokenWeight = fit.tokenWeight * keep + 1;
    fit.sumMsPerToken = fit.sumMsPerToken * keep + believed;
    fit.tokenSketch ??= newQuantileSketch(SKETCH_HALF_LIFE_MS);
    addToSketch(fit.tokenSketch, msPerToken / expected, seen.nowMs);
  }
  fit.observations += 1;
  const { effort = "" } = seen;
  // Words are the callers': a few are in use, and no more than these are counted.
  if (effort in fit.byEffort || Object.keys(fit.byEffort).length < MOST_EFFORTS) {
    fit.byEffort[effort] = (fit.byEffort[effort] ?? 0) + 1;
  }
  fit.atMs = Math.max(fit.atMs, seen.nowMs);
  renewTails(fit);
};

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
  /** Attempts learned from, for explanations. */
  observations: number;
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
  observations: 0,
  atMs: 0,
});

const ttftAt = (fit: LatencyFit, prior: Required<LatencyPrior>, x: number): number => {
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
  return Math.max(1, (sumY - slope * sumX) / weight + slope * x);
};

const msPerTokenOf = (fit: LatencyFit, prior: Required<LatencyPrior>): number =>
  (fit.sumMsPerToken + prior.msPerToken * PRIOR_WEIGHT) / (fit.tokenWeight + PRIOR_WEIGHT);

/** What the fit says of a prompt with so many uncached tokens. */
export const expectedLatency = (
  fit: LatencyFit,
  prior: Required<LatencyPrior>,
  uncachedTokens: number,
): ExpectedLatency => {
  const ttftMs = ttftAt(fit, prior, uncachedTokens / 1000);
  const msPerToken = msPerTokenOf(fit, prior);
  return {
    ttftMs,
    ttftP95Ms: ttftMs * Math.exp(Z95 * Math.sqrt(fit.ttftLogVariance)),
    msPerToken,
    msPerTokenP95: msPerToken * Math.exp(Z95 * Math.sqrt(fit.tokenLogVariance)),
  };
};

const keepShare = (fit: LatencyFit, nowMs: number): number =>
  KEEP * 2 ** (-Math.max(0, nowMs - fit.atMs) / HALF_LIFE_MS);

const logError = (observed: number, expected: number): number =>
  Math.log(Math.max(1e-3, observed) / Math.max(1e-3, expected)) ** 2;

/** What one successful attempt showed. */
export type LatencyObservation = {
  readonly nowMs: number;
  readonly uncachedTokens: number;
  /** `null` = nothing streamed. */
  readonly ttftMs: number | null;
  readonly totalMs: number;
  readonly outputTokens: number;
};

/** Fewer output tokens say nothing of the time per token. */
const FEWEST_TOKENS = 4;

/** Takes an observation into the fit; an answer that did not stream teaches time per token only. */
export const learnLatency = (
  fit: LatencyFit,
  prior: Required<LatencyPrior>,
  seen: LatencyObservation,
): void => {
  const keep = keepShare(fit, seen.nowMs);
  const x = seen.uncachedTokens / 1000;
  const expected = expectedLatency(fit, prior, seen.uncachedTokens);
  const generationMs = seen.totalMs - (seen.ttftMs ?? expected.ttftMs);
  if (seen.ttftMs !== null) {
    fit.ttftLogVariance =
      fit.ttftLogVariance * KEEP + logError(seen.ttftMs, expected.ttftMs) * (1 - KEEP);
    fit.weight = fit.weight * keep + 1;
    fit.sumX = fit.sumX * keep + x;
    fit.sumY = fit.sumY * keep + seen.ttftMs;
    fit.sumXx = fit.sumXx * keep + x * x;
    fit.sumXy = fit.sumXy * keep + x * seen.ttftMs;
  }
  if (seen.outputTokens >= FEWEST_TOKENS && generationMs > 0) {
    // The first token came with the TTFT of a stream.
    const tokens = seen.ttftMs === null ? seen.outputTokens : seen.outputTokens - 1;
    const msPerToken = generationMs / tokens;
    fit.tokenLogVariance =
      fit.tokenLogVariance * KEEP + logError(msPerToken, expected.msPerToken) * (1 - KEEP);
    fit.tokenWeight = fit.tokenWeight * keep + 1;
    fit.sumMsPerToken = fit.sumMsPerToken * keep + msPerToken;
  }
  fit.observations += 1;
  fit.atMs = Math.max(fit.atMs, seen.nowMs);
};

/**
 * Lengths of a workspace's answers at a model: a log-normal law fitted to decayed moments, shrunk to
 * a prior. Mutated by `learnOutputLength` only.
 */
export type OutputLength = {
  weight: number;
  sum: number;
  sumLog: number;
  sumLogSquared: number;
  /** What the law says, tokens, not rounded. */
  mean: number;
  p50: number;
  p95: number;
};

/** Share that an old answer keeps when a new one comes: about the last hundred count. */
const KEEP = 0.99;
/** Standard deviation of log(length) before anything is learned; that of public chat traces is 0.8–1.2. */
const PRIOR_SIGMA = 1;
/** Weight of the prior in observed answers. */
const PRIOR_WEIGHT = 3;
/** 0.95 quantile of the standard normal distribution. */
const Z95 = 1.645;

const renew = (learned: OutputLength, priorMean: number): OutputLength => {
  const priorLog = Math.log(priorMean) - PRIOR_SIGMA ** 2 / 2;
  const weight = learned.weight + PRIOR_WEIGHT;
  const meanLog = (learned.sumLog + priorLog * PRIOR_WEIGHT) / weight;
  const squares = learned.sumLogSquared + (priorLog ** 2 + PRIOR_SIGMA ** 2) * PRIOR_WEIGHT;
  const sigma = Math.sqrt(Math.max(0, squares / weight - meanLog ** 2));
  learned.mean = (learned.sum + priorMean * PRIOR_WEIGHT) / weight;
  learned.p50 = Math.exp(meanLog);
  learned.p95 = Math.exp(meanLog + Z95 * sigma);
  return learned;
};

export const newOutputLength = (priorMean: number): OutputLength =>
  renew({ weight: 0, sum: 0, sumLog: 0, sumLogSquared: 0, mean: 0, p50: 0, p95: 0 }, priorMean);

export const learnOutputLength = (
  learned: OutputLength,
  tokens: number,
  priorMean: number,
): void => {
  const log = Math.log(Math.max(1, tokens));
  learned.weight = learned.weight * KEEP + 1;
  learned.sum = learned.sum * KEEP + tokens;
  learned.sumLog = learned.sumLog * KEEP + log;
  learned.sumLogSquared = learned.sumLogSquared * KEEP + log ** 2;
  renew(learned, priorMean);
};

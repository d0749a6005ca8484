/** Bytes of prompt text per token of a model, learned from real usage. Mutated by `learnBytesPerToken` only. */
export type BytesPerToken = {
  /** Decayed sums of bytes and tokens. */
  bytes: number;
  tokens: number;
  /** Decayed variance of log(observed / expected tokens). */
  logVariance: number;
  /** Factor between the estimate and its bounds: two standard deviations. */
  spread: number;
};

/** English text at common tokenizers; CJK and code lie lower, so the spread starts wide. */
const PRIOR_BYTES_PER_TOKEN = 4;
/** Weight of the prior: as much as this many observed tokens. */
const PRIOR_TOKENS = 2000;
/** Standard deviation of log(tokens) before anything is learned. */
const PRIOR_SIGMA = 0.15;
const SMALLEST_SIGMA = 0.05;
const PRIOR_SPREAD = Math.exp(2 * PRIOR_SIGMA);
/** Share that an old observation keeps when a new one comes: about the last fifty count. */
const KEEP = 0.98;
/** Ratios outside are not text (base64 images, empty prompts) and teach nothing. */
const PLAUSIBLE = { low: 1, high: 12 };

export const newBytesPerToken = (): BytesPerToken => ({
  bytes: 0,
  tokens: 0,
  logVariance: PRIOR_SIGMA ** 2,
  spread: PRIOR_SPREAD,
});

/** Bytes per token, the prior included, within plausible bounds. */
export const bytesPerTokenOf = (learned: BytesPerToken | undefined): number => {
  const bytes = (learned?.bytes ?? 0) + PRIOR_BYTES_PER_TOKEN * PRIOR_TOKENS;
  const ratio = bytes / ((learned?.tokens ?? 0) + PRIOR_TOKENS);
  return Math.min(8, Math.max(1.5, ratio));
};

/** Factor between the estimate and its bounds. */
export const tokenSpreadOf = (learned: BytesPerToken | undefined): number =>
  learned === undefined ? PRIOR_SPREAD : learned.spread;

export const learnBytesPerToken = (learned: BytesPerToken, bytes: number, tokens: number): void => {
  if (tokens <= 0 || bytes / tokens < PLAUSIBLE.low || bytes / tokens > PLAUSIBLE.high) return;
  const error = Math.log((tokens * bytesPerTokenOf(learned)) / bytes);
  learned.logVariance = learned.logVariance * KEEP + error ** 2 * (1 - KEEP);
  learned.spread = Math.exp(2 * Math.max(SMALLEST_SIGMA, Math.sqrt(learned.logVariance)));
  learned.bytes = learned.bytes * KEEP + bytes;
  learned.tokens = learned.tokens * KEEP + tokens;
};

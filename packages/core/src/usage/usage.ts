/**
 * What one call consumed, as *disjoint* buckets: every token stands in exactly one of them, whatever
 * the provider's own convention. Counts are whole numbers >= 0; an absent bucket is zero.
 */
export type Usage = {
  /** Prompt tokens neither read from nor written to a cache (text and everything without a bucket of its own). */
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  /** Written to a cache that lives about five minutes; also writes of providers with one kind of write only. */
  readonly cacheWrite5mTokens: number;
  readonly cacheWrite1hTokens: number;
  /** Visible output; reasoning that a provider bills but does not count stays here. */
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly audioInputTokens?: number;
  readonly audioCacheReadTokens?: number;
  readonly imageInputTokens?: number;
  readonly imageCacheReadTokens?: number;
  readonly videoInputTokens?: number;
  readonly audioOutputTokens?: number;
  readonly imageOutputTokens?: number;
  readonly videoOutputTokens?: number;
  /** Hosted web searches, billed by the piece. */
  readonly webSearches?: number;
  /** Hosted searches in stored files, billed by the piece. */
  readonly fileSearches?: number;
};

/** No tokens at all. */
export const emptyUsage: Usage = {
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
};

/** The whole prompt in tokens: what context windows and price tiers are measured against. */
export const promptTokensOf = (usage: Usage): number =>
  usage.inputTokens +
  usage.cacheReadTokens +
  usage.cacheWrite5mTokens +
  usage.cacheWrite1hTokens +
  (usage.audioInputTokens ?? 0) +
  (usage.audioCacheReadTokens ?? 0) +
  (usage.imageInputTokens ?? 0) +
  (usage.imageCacheReadTokens ?? 0) +
  (usage.videoInputTokens ?? 0);

/** The whole answer in tokens, reasoning included. */
export const completionTokensOf = (usage: Usage): number =>
  usage.outputTokens +
  usage.reasoningTokens +
  (usage.audioOutputTokens ?? 0) +
  (usage.imageOutputTokens ?? 0) +
  (usage.videoOutputTokens ?? 0);

/** Every bucket's name: those of the prompt, of the answer, and what is billed by the piece. */
export const usageBuckets: readonly (keyof Usage)[] = [
  "inputTokens",
  "cacheReadTokens",
  "cacheWrite5mTokens",
  "cacheWrite1hTokens",
  "audioInputTokens",
  "audioCacheReadTokens",
  "imageInputTokens",
  "imageCacheReadTokens",
  "videoInputTokens",
  "outputTokens",
  "reasoningTokens",
  "audioOutputTokens",
  "imageOutputTokens",
  "videoOutputTokens",
  "webSearches",
  "fileSearches",
];

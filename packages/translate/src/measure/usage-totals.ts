import type { Usage } from "@pointsman/core";

/** The whole prompt in tokens, whatever was cached of it. */
export const promptTotal = (usage: Usage): number =>
  usage.inputTokens +
  usage.cacheReadTokens +
  usage.cacheWrite5mTokens +
  usage.cacheWrite1hTokens +
  (usage.audioInputTokens ?? 0) +
  (usage.audioCacheReadTokens ?? 0) +
  (usage.imageInputTokens ?? 0) +
  (usage.imageCacheReadTokens ?? 0) +
  (usage.videoInputTokens ?? 0);

/** What was read from caches. */
export const cacheReadTotal = (usage: Usage): number =>
  usage.cacheReadTokens + (usage.audioCacheReadTokens ?? 0) + (usage.imageCacheReadTokens ?? 0);

/** The whole answer in tokens, reasoning included. */
export const outputTotal = (usage: Usage): number =>
  usage.outputTokens +
  usage.reasoningTokens +
  (usage.audioOutputTokens ?? 0) +
  (usage.imageOutputTokens ?? 0) +
  (usage.videoOutputTokens ?? 0);

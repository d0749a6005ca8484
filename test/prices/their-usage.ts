import { completionTokensOf, promptTokensOf } from "@pointsman/core";
import type { Usage } from "@pointsman/core";
import type { calcPrice } from "@pydantic/genai-prices";

type TheirUsage = Parameters<typeof calcPrice>[0];

/** Our disjoint buckets in genai-prices' convention, where a wider count includes the narrower ones. */
export const theirUsageOf = (usage: Usage): TheirUsage => {
  const cachedAudio = usage.audioCacheReadTokens ?? 0;
  const cachedImages = usage.imageCacheReadTokens ?? 0;
  return {
    input_tokens: promptTokensOf(usage),
    cache_read_tokens: usage.cacheReadTokens + cachedAudio + cachedImages,
    cache_write_tokens: usage.cacheWrite5mTokens + usage.cacheWrite1hTokens,
    cache_write_1h_tokens: usage.cacheWrite1hTokens,
    input_audio_tokens: (usage.audioInputTokens ?? 0) + cachedAudio,
    cache_audio_read_tokens: cachedAudio,
    input_image_tokens: (usage.imageInputTokens ?? 0) + cachedImages,
    cache_image_read_tokens: cachedImages,
    input_video_tokens: usage.videoInputTokens ?? 0,
    output_tokens: completionTokensOf(usage),
    output_reasoning_tokens: usage.reasoningTokens,
    output_audio_tokens: usage.audioOutputTokens ?? 0,
    output_image_tokens: usage.imageOutputTokens ?? 0,
    output_video_tokens: usage.videoOutputTokens ?? 0,
    web_searches: usage.webSearches ?? 0,
    storage_searches: usage.fileSearches ?? 0,
  };
};

import type { Usage } from "@pointsman/core";
import { present } from "../json/present.ts";

/** `usage` of a chat answer (docs/contract.md §14); cached, written and reasoning are always there. */
export type ChatUsage = {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: {
    readonly cached_tokens: number;
    readonly cache_write_tokens: number;
    readonly audio_tokens?: number;
    readonly image_tokens?: number;
  };
  readonly completion_tokens_details: {
    readonly reasoning_tokens: number;
    readonly audio_tokens?: number;
    readonly image_tokens?: number;
  };
};

/** Disjoint buckets as the chat wire counts them: written and cached inside the prompt. */
export const renderUsage = (usage: Usage): ChatUsage => {
  const audioInput = (usage.audioInputTokens ?? 0) + (usage.audioCacheReadTokens ?? 0);
  const cacheWrite = usage.cacheWrite5mTokens + usage.cacheWrite1hTokens;
  const cached = usage.cacheReadTokens + (usage.audioCacheReadTokens ?? 0);
  const audioOutput = usage.audioOutputTokens ?? 0;
  const imageInput = usage.imageInputTokens ?? 0;
  const imageOutput = usage.imageOutputTokens ?? 0;
  const prompt = usage.inputTokens + usage.cacheReadTokens + cacheWrite + audioInput + imageInput;
  const completion = usage.outputTokens + usage.reasoningTokens + audioOutput + imageOutput;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: cached,
      cache_write_tokens: cacheWrite,
      ...present("audio_tokens", audioInput > 0 ? audioInput : null),
      ...present("image_tokens", imageInput > 0 ? imageInput : null),
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      ...present("audio_tokens", audioOutput > 0 ? audioOutput : null),
      ...present("image_tokens", imageOutput > 0 ? imageOutput : null),
    },
  };
};

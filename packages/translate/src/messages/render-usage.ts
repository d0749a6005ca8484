import type { Usage } from "@pointsman/core";

/** Usage as Anthropic counts it: input leaves out what was read from and written to caches. */
export type MessagesUsage = {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation: {
    readonly ephemeral_5m_input_tokens: number;
    readonly ephemeral_1h_input_tokens: number;
  };
  readonly output_tokens: number;
  readonly output_tokens_details?: { readonly thinking_tokens: number };
  readonly server_tool_use?: { readonly web_search_requests: number };
};

/** Before anything was counted. */
export const noUsage: Usage = {
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
};

export const renderMessagesUsage = (usage: Usage): MessagesUsage => {
  const { cacheWrite5mTokens, cacheWrite1hTokens, reasoningTokens, webSearches = 0 } = usage;
  const read =
    usage.cacheReadTokens + (usage.audioCacheReadTokens ?? 0) + (usage.imageCacheReadTokens ?? 0);
  const written = cacheWrite5mTokens + cacheWrite1hTokens;
  return {
    input_tokens:
      usage.inputTokens +
      (usage.audioInputTokens ?? 0) +
      (usage.imageInputTokens ?? 0) +
      (usage.videoInputTokens ?? 0),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    cache_creation: {
      ephemeral_5m_input_tokens: cacheWrite5mTokens,
      ephemeral_1h_input_tokens: cacheWrite1hTokens,
    },
    output_tokens:
      usage.outputTokens +
      reasoningTokens +
      (usage.audioOutputTokens ?? 0) +
      (usage.imageOutputTokens ?? 0) +
      (usage.videoOutputTokens ?? 0),
    ...(reasoningTokens > 0 ? { output_tokens_details: { thinking_tokens: reasoningTokens } } : {}),
    ...(webSearches > 0 ? { server_tool_use: { web_search_requests: webSearches } } : {}),
  };
};

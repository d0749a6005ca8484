import type { Usage } from "@pointsman/core";
import { cacheReadTotal, outputTotal, promptTotal } from "../measure/usage-totals.ts";

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

export const renderMessagesUsage = (usage: Usage): MessagesUsage => {
  const { cacheWrite5mTokens, cacheWrite1hTokens, reasoningTokens, webSearches = 0 } = usage;
  const read = cacheReadTotal(usage);
  const written = cacheWrite5mTokens + cacheWrite1hTokens;
  return {
    input_tokens: promptTotal(usage) - read - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    cache_creation: {
      ephemeral_5m_input_tokens: cacheWrite5mTokens,
      ephemeral_1h_input_tokens: cacheWrite1hTokens,
    },
    output_tokens: outputTotal(usage),
    ...(reasoningTokens > 0 ? { output_tokens_details: { thinking_tokens: reasoningTokens } } : {}),
    ...(webSearches > 0 ? { server_tool_use: { web_search_requests: webSearches } } : {}),
  };
};

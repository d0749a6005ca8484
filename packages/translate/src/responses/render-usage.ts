import type { Usage } from "@pointsman/core";
import { cacheReadTotal, outputTotal, promptTotal } from "../measure/usage-totals.ts";

/** `usage` of a Responses answer (docs/contract.md §17). */
export type ResponsesUsage = {
  readonly input_tokens: number;
  readonly input_tokens_details: {
    readonly cached_tokens: number;
    readonly cache_write_tokens: number;
  };
  readonly output_tokens: number;
  readonly output_tokens_details: {
    readonly reasoning_tokens: number;
    readonly image_tokens?: number;
  };
  readonly total_tokens: number;
};

export const renderResponsesUsage = (usage: Usage): ResponsesUsage => {
  const input = promptTotal(usage);
  const output = outputTotal(usage);
  const { imageOutputTokens = 0 } = usage;
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: cacheReadTotal(usage),
      cache_write_tokens: usage.cacheWrite5mTokens + usage.cacheWrite1hTokens,
    },
    output_tokens: output,
    output_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      ...(imageOutputTokens > 0 ? { image_tokens: imageOutputTokens } : {}),
    },
    total_tokens: input + output,
  };
};

import type { Usage } from "@pointsman/core";
import { asCount, asNumber, asRecord } from "../json/read.ts";

/**
 * Responses usage as disjoint buckets: input includes what was cached and written, output includes
 * reasoning. `null` if nothing was counted, which is not zero.
 */
export const decodeResponsesUsage = (value: unknown): Usage | null => {
  const raw = asRecord(value);
  if (raw === null) return null;
  if (asNumber(raw["input_tokens"]) === null && asNumber(raw["output_tokens"]) === null)
    return null;
  const input = asCount(raw["input_tokens"]);
  const inputDetails = asRecord(raw["input_tokens_details"]);
  const cacheReadTokens = Math.min(input, asCount(inputDetails?.["cached_tokens"]));
  const cacheWrite5mTokens = Math.min(
    input - cacheReadTokens,
    asCount(inputDetails?.["cache_write_tokens"]),
  );
  const output = asCount(raw["output_tokens"]);
  const outputDetails = asRecord(raw["output_tokens_details"]);
  const reasoningTokens = Math.min(output, asCount(outputDetails?.["reasoning_tokens"]));
  const imageOutputTokens = Math.min(
    output - reasoningTokens,
    asCount(outputDetails?.["image_tokens"]),
  );
  return {
    inputTokens: input - cacheReadTokens - cacheWrite5mTokens,
    cacheReadTokens,
    cacheWrite5mTokens,
    cacheWrite1hTokens: 0,
    outputTokens: output - reasoningTokens - imageOutputTokens,
    reasoningTokens,
    ...(imageOutputTokens > 0 ? { imageOutputTokens } : {}),
  };
};

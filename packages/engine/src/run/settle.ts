import { completionTokensOf, costOf, promptTokensOf } from "@pointsman/core";
import type { Offering, Usage } from "@pointsman/core";

/** Bytes of output per token where nobody counted; the same prior core starts from. */
export const bytesPerToken = 4;

/** A guess at what a call consumed whose provider reported nothing. */
export const estimateUsage = (promptTokens: number, outputBytes: number): Usage => ({
  inputTokens: promptTokens,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: Math.ceil(outputBytes / bytesPerToken),
  reasoningTokens: 0,
});

/** Exact cost of a usage at an offering, pico-USD; 0 where no price is known. */
export const costAt = (offering: Offering, usage: Usage, nowMs: number): number =>
  offering.price === null ? 0 : costOf(offering.price, usage, nowMs);

/** Output tokens a second: after the first token of a stream, over the attempt otherwise. */
export const throughputOf = (
  usage: Usage,
  durationMs: number,
  ttftMs: number | null,
): number | null => {
  const tokens = completionTokensOf(usage);
  const spanMs = durationMs - (ttftMs ?? 0);
  return tokens > 0 && spanMs > 0 ? Math.round((tokens / spanMs) * 100_000) / 100 : null;
};

/** Whether a provider counted anything at all. */
export const isCounted = (usage: Usage | null): usage is Usage =>
  usage !== null && promptTokensOf(usage) + completionTokensOf(usage) > 0;

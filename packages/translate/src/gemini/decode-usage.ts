import type { Usage } from "@pointsman/core";
import { asArray, asCount, asNumber, asRecord } from "../json/read.ts";

const countOf = (details: unknown, modality: string): number =>
  asArray(details).reduce<number>((sum, entry) => {
    const detail = asRecord(entry);
    return detail?.["modality"] === modality ? sum + asCount(detail["tokenCount"]) : sum;
  }, 0);

/**
 * `usageMetadata` as disjoint buckets: the prompt includes what was cached, tool results come on top of
 * it, candidates leave thoughts out. The totals are billed; details by modality need not add up to them.
 * `null` if nothing was counted, as in the middle of a stream.
 */
export const decodeGeminiUsage = (value: unknown): Usage | null => {
  const raw = asRecord(value);
  if (raw === null) return null;
  const counts = ["promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount"];
  if (counts.every((key) => asNumber(raw[key]) === null)) return null;
  const prompt = asCount(raw["promptTokenCount"]) + asCount(raw["toolUsePromptTokenCount"]);
  const cacheReadTokens = Math.min(asCount(raw["cachedContentTokenCount"]), prompt);
  const uncached = prompt - cacheReadTokens;
  const audioInputTokens = Math.min(
    uncached,
    Math.max(
      0,
      countOf(raw["promptTokensDetails"], "AUDIO") - countOf(raw["cacheTokensDetails"], "AUDIO"),
    ),
  );
  const candidates = asCount(raw["candidatesTokenCount"]);
  const imageOutputTokens = Math.min(candidates, countOf(raw["candidatesTokensDetails"], "IMAGE"));
  return {
    inputTokens: uncached - audioInputTokens,
    cacheReadTokens,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: candidates - imageOutputTokens,
    reasoningTokens: asCount(raw["thoughtsTokenCount"]),
    ...(audioInputTokens > 0 ? { audioInputTokens } : {}),
    ...(imageOutputTokens > 0 ? { imageOutputTokens } : {}),
  };
};

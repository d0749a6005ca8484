import type { CachePolicy } from "@pointsman/core";

const none: CachePolicy = {
  mode: "none",
  minimumTokens: 0,
  blockTokens: 1,
  ttlSeconds: null,
  oneHour: false,
};

/** Smallest cacheable prompts of Claude; what matches none: 1024. */
const claudeMinimums: readonly (readonly [RegExp, number])[] = [
  [/^claude-(?:haiku-4-5|opus-4-5|opus-4-6)/, 4096],
  [/^claude-(?:sonnet-4-6|3-5-haiku|3-haiku)/, 2048],
];

const claudeMinimumOf = (id: string): number =>
  claudeMinimums.find(([pattern]) => pattern.test(id))?.[1] ?? 1024;

/** Pages of the vendors that a policy rests on, by provider. */
export const cachePolicySources: Readonly<Record<string, string>> = {
  anthropic: "https://platform.claude.com/docs/en/build-with-claude/prompt-caching",
  openai: "https://platform.openai.com/docs/guides/prompt-caching",
  google_ai_studio: "https://ai.google.dev/gemini-api/docs/caching",
  deepseek: "https://api-docs.deepseek.com/guides/kv_cache",
};

/**
 * What is documented of an offering's prompt cache. Where nothing but a price for cache reads is
 * known, the provider caches by itself, without a known minimum or block.
 */
export const cachePolicyOf = (options: {
  readonly provider: string;
  readonly id: string;
  /** Whether cache reads have a price of their own. */
  readonly cacheReadPriced: boolean;
}): CachePolicy => {
  const { provider, id, cacheReadPriced } = options;
  if (!cacheReadPriced) return none;
  const auto: CachePolicy = { ...none, mode: "auto" };
  switch (provider) {
    case "anthropic":
      // Five minutes since last use, or an hour for twice the input price.
      return {
        mode: "explicit",
        minimumTokens: claudeMinimumOf(id),
        blockTokens: 1,
        ttlSeconds: 300,
        oneHour: true,
      };
    case "openai":
      // "Generally remain active for 5 to 10 minutes of inactivity": the lower end.
      return { ...auto, minimumTokens: 1024, blockTokens: 128, ttlSeconds: 300 };
    case "google_ai_studio":
      // Implicit caching came with Gemini 2.5; older models cache only what is uploaded first.
      if (/^gemini-(?:1|2\.0)/.test(id)) return none;
      return { ...auto, minimumTokens: id.includes("pro") ? 4096 : 1024 };
    case "deepseek":
      // Units of 64 tokens, kept "from a few hours to a few days": no lifetime one could count on.
      return { ...auto, minimumTokens: 64, blockTokens: 64 };
    default:
      return auto;
  }
};

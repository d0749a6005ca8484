import type { ModelsDevCost } from "../source/models-dev.ts";
import type { PriceDraft } from "./price-draft.ts";
import { withoutPlaceholderZeros } from "./rate-table.ts";
import type { RateName, RateTable } from "./rate-table.ts";

type StatedRates = Omit<ModelsDevCost, "tiers">;

const namesOfKeys = [
  ["input", "input"],
  ["output", "output"],
  ["cache_read", "cache_read"],
  ["cache_write", "cache_write"],
  ["reasoning", "reasoning"],
  ["input_audio", "audio_input"],
  ["output_audio", "audio_output"],
] as const satisfies readonly (readonly [keyof StatedRates, RateName])[];

const tableOf = (cost: StatedRates): RateTable => {
  const table: { -readonly [Name in RateName]?: number } = {};
  for (const [key, name] of namesOfKeys) {
    const usd = cost[key];
    if (usd !== undefined) table[name] = usd;
  }
  return withoutPlaceholderZeros(table);
};

/** Their tiers begin *at* the mark ("< 272K", ">= 200k" in the vendors' tables), not behind it. */
const inclusiveMarks = new Set(["openai", "xai"]);

/** What models.dev says of a price: one period, always valid. */
export const modelsDevPrice = (provider: string, cost: ModelsDevCost): readonly PriceDraft[] => [
  {
    fromMs: null,
    dayWindows: [],
    rates: tableOf(cost),
    tiers: (cost.tiers ?? []).map((tier) => ({
      abovePromptTokens: inclusiveMarks.has(provider) ? tier.above - 1 : tier.above,
      rates: tableOf(tier),
    })),
    requestUsdPerThousand: 0,
    webSearchUsdPerThousand: 0,
    fileSearchUsdPerThousand: 0,
  },
];

import type { Catalog } from "@pointsman/catalog";
import type { Offering } from "@pointsman/core";
import { flatSchedule } from "@pointsman/core";

/** Models the simulated world serves at their vendor. */
const atTheirVendor: Readonly<Record<string, string>> = {
  "gpt-4o": "openai",
  "gpt-4o-mini": "openai",
  "claude-sonnet-4-6": "anthropic",
  "claude-sonnet-4-20250514": "anthropic",
  "gemini-2.5-flash": "google_ai_studio",
};

/** Models it serves at every provider that lists them. */
const everywhere = ["gpt-oss-120b", "kimi-k2.6", "glm-4.7", "deepseek-v3.2"];

/** A place that does not exist, so that gpt-4o has a second one to go to. */
export const inventedProvider = "invented_cloud";

/**
 * Invented prices, USD per million tokens: a tenth below the vendor's, no rate for cached tokens,
 * and dearer than the vendor above 32,000 prompt tokens.
 */
const inventedPrices = {
  "gpt-4o": {
    input: 2.25,
    output: 9,
    tiers: [{ abovePromptTokens: 32_000, input: 3, output: 12 }],
  },
  "gpt-4o-mini": {
    input: 0.135,
    output: 0.54,
    tiers: [{ abovePromptTokens: 32_000, input: 0.18, output: 0.72 }],
  },
} as const;

const invented = (model: keyof typeof inventedPrices, vendor: Offering): Offering => ({
  ...vendor,
  id: `${inventedProvider}/${model}`,
  provider: inventedProvider,
  providerModelId: model,
  price: flatSchedule(inventedPrices[model]),
  cache: { mode: "none", minimumTokens: 0, blockTokens: 1, ttlSeconds: null, oneHour: false },
});

/** The offerings of the simulated world: real list prices, but for the invented provider. */
export const simulatedOfferings = (catalog: Catalog): readonly Offering[] => {
  const offeringsOf = (id: string): readonly Offering[] => {
    const model = catalog.models.get(id);
    if (model === undefined) throw new Error(`the catalogue lacks ${id}`);
    return model.offerings
      .map(({ offering }) => offering)
      .filter(({ enabled, tier }) => enabled && tier === "standard");
  };
  const vendors = Object.entries(atTheirVendor).flatMap(([id, vendor]) =>
    offeringsOf(id).filter(({ provider }) => provider === vendor),
  );
  return [
    ...vendors,
    ...vendors.flatMap((offering) =>
      offering.model === "gpt-4o" || offering.model === "gpt-4o-mini"
        ? [invented(offering.model, offering)]
        : [],
    ),
    ...everywhere.flatMap(offeringsOf),
  ];
};

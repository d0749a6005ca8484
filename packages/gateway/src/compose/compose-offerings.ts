import { offeringsOf } from "@pointsman/catalog";
import type { Catalog } from "@pointsman/catalog";
import type { CachePolicy, Offering, UpstreamWire } from "@pointsman/core";
import type { Config, ModelConfig, ProviderConfig } from "../config/config.ts";
import { priceScheduleOf } from "../config/price-schedule-of.ts";

/** A provider's models are the catalogue's, or exactly those its configuration names. */
export type ComposeOptions = { readonly config: Config; readonly catalog: Catalog };

const unknownCache: CachePolicy = {
  mode: "none",
  minimumTokens: 0,
  blockTokens: 1,
  ttlSeconds: null,
  oneHour: false,
};

/** What a cache price alone tells: the provider caches by itself, the rest is unknown. */
const implicitCache: CachePolicy = { ...unknownCache, mode: "auto" };

/** The catalogue's name of a configured provider: its own, else that of what it speaks like. */
const catalogNameOf = (name: string, provider: ProviderConfig, catalog: Catalog): string => {
  if (catalog.providers.has(name)) return name;
  switch (provider.kind) {
    case "openai":
      return "openai";
    case "anthropic":
      return "anthropic";
    case "google":
      return "google_ai_studio";
    case "openai-compatible":
      return provider.preset ?? name;
  }
};

const wiresOf = (
  provider: ProviderConfig,
  { known, config }: { known: Offering | undefined; config: ModelConfig | undefined },
): readonly UpstreamWire[] => {
  if (config?.endpoints) return config.endpoints;
  switch (provider.kind) {
    case "openai":
      return known?.wires ?? ["chat_completions", "responses"];
    case "openai-compatible":
      return ["chat_completions"];
    case "anthropic":
      return ["messages"];
    case "google":
      return ["generate_content"];
  }
};

const offeringOf = (
  name: string,
  provider: ProviderConfig,
  model: { canonical: string; known: Offering | undefined; config: ModelConfig | undefined },
): Offering => {
  const { known, config } = model;
  const providerModelId = config?.id ?? known?.providerModelId ?? model.canonical;
  const tier = known?.tier ?? "standard";
  const price = config?.price ? priceScheduleOf(config.price) : (known?.price ?? null);
  const hasCachePrice = price?.periods.some(({ rates }) => rates.cacheReadPicoUsd !== null);
  return {
    id: tier === "standard" ? `${name}/${providerModelId}` : `${name}/${providerModelId}#${tier}`,
    provider: name,
    providerModelId,
    model: model.canonical,
    region: provider.region,
    price,
    cache: known?.cache ?? (hasCachePrice ? implicitCache : unknownCache),
    contextWindow: config?.contextWindow ?? known?.contextWindow ?? null,
    maxOutputTokens: config?.maxOutputTokens ?? known?.maxOutputTokens ?? null,
    wires: wiresOf(provider, model),
    capabilities: { ...known?.capabilities, ...config?.capabilities },
    unsupportedParameters: known?.unsupportedParameters ?? [],
    dataPolicy:
      provider.dataPolicy === "none" ? (known?.dataPolicy ?? "none") : provider.dataPolicy,
    tier,
    quantization: known?.quantization ?? null,
    enabled: known?.enabled ?? true,
  };
};

const configuredOfferings = (
  name: string,
  provider: ProviderConfig,
  catalog: Catalog,
): readonly Offering[] => {
  const source = catalogNameOf(name, provider, catalog);
  const offered = catalog.providers.has(source) ? offeringsOf(catalog, [source]) : [];
  const named = Object.entries(provider.models);
  if (named.length > 0) {
    return named.map(([id, config]) => {
      const model = catalog.resolve(id);
      const canonical = model?.id ?? id;
      const known = offered.find((one) => one.model === canonical && one.tier === "standard");
      return offeringOf(name, provider, { canonical, known, config });
    });
  }
  return offered.map((known) =>
    offeringOf(name, provider, { canonical: known.model, known, config: undefined }),
  );
};

/** Every offering the configuration makes usable, without those of excluded quantizations. */
export const composeOfferings = ({ config, catalog }: ComposeOptions): readonly Offering[] => {
  const excluded = new Set(config.excludeQuantizations);
  return Object.entries(config.providers)
    .flatMap(([name, provider]) => configuredOfferings(name, provider, catalog))
    .filter(({ quantization }) => quantization === null || !excluded.has(quantization));
};

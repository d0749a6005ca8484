import type { Offering } from "@pointsman/core";
import type { CatalogOffering, Provenance, ProvenanceField } from "../catalog.ts";
import { cachePolicyOf, cachePolicySources } from "../offering/cache-policy.ts";
import { capabilitiesOf } from "../offering/capabilities.ts";
import { wiresOf } from "../offering/wires.ts";
import { genaiPrice } from "../price/genai-price.ts";
import { mergePrice } from "../price/merge-price.ts";
import { modelsDevPrice } from "../price/models-dev-price.ts";
import type { RateName } from "../price/rate-table.ts";
import type { Sources } from "../source/read-sources.ts";
import type { SourceRow } from "./source-row.ts";
import { unroutedPricesOf } from "./unrouted-prices.ts";

/** Who said what, made once per load. */
export type Origins = {
  readonly modelsDev: Provenance;
  readonly genaiPrices: Provenance;
  readonly own: Omit<Provenance, "reason">;
};

const fieldOfRate: Readonly<Record<RateName, ProvenanceField>> = {
  input: "price.input",
  output: "price.output",
  cache_read: "price.cacheRead",
  cache_write: "price.cacheWrite5m",
  cache_write_1h: "price.cacheWrite1h",
  reasoning: "price.reasoning",
  audio_input: "price.audioInput",
  audio_cache_read: "price.audioCacheRead",
  audio_output: "price.audioOutput",
  image_input: "price.imageInput",
  image_cache_read: "price.imageCacheRead",
  image_output: "price.imageOutput",
  video_input: "price.videoInput",
  video_output: "price.videoOutput",
};

const positive = (tokens: number | undefined): number | null =>
  tokens === undefined || tokens <= 0 ? null : tokens;

/** One row as a standard-tier offering. */
export const compileOffering = (options: {
  readonly row: SourceRow;
  readonly model: string;
  readonly quantization: string | null;
  readonly sources: Sources;
  readonly origins: Origins;
}): CatalogOffering => {
  const { row, origins } = options;
  const { overrides } = options.sources;
  const { provider, id, modelsDev, genai } = row;
  const isThis = (entry: { provider: string; models: readonly string[] }): boolean =>
    entry.provider === provider.id && entry.models.includes(id);
  const override = overrides.rates.find(isThis);
  const shutdown = overrides.shutdowns.find(isThis);
  const merged = mergePrice({
    later: genai === null ? [] : genaiPrice(genai),
    earlier: modelsDev?.cost === undefined ? [] : modelsDevPrice(provider.id, modelsDev.cost),
    override: override?.set ?? null,
  });
  const periods = merged.price?.periods ?? [];
  const cache = cachePolicyOf({
    provider: provider.id,
    id,
    cacheReadPriced: periods.some(({ rates }) => rates.cacheReadPicoUsd !== null),
  });
  const contextWindow = positive(modelsDev?.limit.context) ?? genai?.context_window ?? null;
  const maxOutputTokens = positive(modelsDev?.limit.output);
  const listed = modelsDev !== null;
  const gone =
    !listed && provider.reseller && overrides.newSinceModelsDev[provider.id]?.includes(id) !== true;
  const offering: Offering = {
    id: `${provider.id}/${id}`,
    provider: provider.id,
    providerModelId: id,
    model: options.model,
    region: null,
    price: merged.price,
    cache,
    contextWindow,
    maxOutputTokens,
    wires: wiresOf(provider.kind, id),
    capabilities: capabilitiesOf({
      provider: provider.id,
      id,
      model: modelsDev,
      cached: cache.mode !== "none",
      pricedWebSearch: periods.some(({ webSearchPicoUsd }) => webSearchPicoUsd > 0),
    }),
    unsupportedParameters: modelsDev?.capabilities.temperature === false ? ["temperature"] : [],
    dataPolicy: provider.dataPolicy,
    tier: "standard",
    quantization: options.quantization,
    enabled: !gone,
  };
  const provenance: Partial<Record<ProvenanceField, Provenance>> = {};
  for (const [name, origin] of merged.origins) {
    provenance[fieldOfRate[name]] =
      origin === "later"
        ? origins.genaiPrices
        : origin === "earlier"
          ? origins.modelsDev
          : {
              ...origins.own,
              reason: `${override?.reason ?? ""} ${override?.source ?? ""}`.trim(),
            };
  }
  if (contextWindow !== null) {
    provenance.contextWindow =
      positive(modelsDev?.limit.context) === null ? origins.genaiPrices : origins.modelsDev;
  }
  if (maxOutputTokens !== null) provenance.maxOutputTokens = origins.modelsDev;
  if (listed) provenance.capabilities = origins.modelsDev;
  const cacheSource = cachePolicySources[provider.id];
  if (cache.mode !== "none") {
    provenance.cache =
      cacheSource === undefined
        ? (provenance["price.cacheRead"] ?? origins.own)
        : { ...origins.own, reason: cacheSource };
  }
  if (shutdown !== undefined) provenance.shutdownAt = { ...origins.own, reason: shutdown.source };
  return {
    offering,
    provenance,
    shutdownAtMs: shutdown === undefined ? null : Date.parse(shutdown.at),
    reasoningOptions: modelsDev?.reasoning_options ?? [],
    unroutedPrices: unroutedPricesOf(provider.id, modelsDev),
    listedByModelsDev: listed,
  };
};

import type { CatalogOffering, Provenance } from "../catalog.ts";
import { mergePrice } from "../price/merge-price.ts";
import { modelsDevPrice } from "../price/models-dev-price.ts";
import type { ModelsDevModel } from "../source/models-dev.ts";
import { isPriorityMode } from "./unrouted-prices.ts";

/**
 * The premium tier `priority` of an offering, where models.dev prices OpenAI's
 * `service_tier: "priority"`; `null` = none known. Anthropic's fast mode is no tier: it wants a
 * beta header and a body field of its own.
 */
export const priorityOfferingOf = (
  standard: CatalogOffering,
  model: ModelsDevModel | null,
  modelsDev: Provenance,
): CatalogOffering | null => {
  const mode = model?.modes?.["fast"];
  if (mode === undefined || !isPriorityMode(mode)) return null;
  const { offering } = standard;
  const { price } = mergePrice({
    later: [],
    earlier: modelsDevPrice(offering.provider, mode.cost),
    override: null,
  });
  const fees = offering.price?.periods[0];
  const [first] = price?.periods ?? [];
  return {
    ...standard,
    offering: {
      ...offering,
      id: `${offering.id}#priority`,
      tier: "priority",
      price:
        first === undefined
          ? null
          : {
              periods: [
                {
                  ...first,
                  webSearchPicoUsd: fees?.webSearchPicoUsd ?? 0,
                  fileSearchPicoUsd: fees?.fileSearchPicoUsd ?? 0,
                },
              ],
            },
    },
    unroutedPrices: [],
    provenance: {
      ...standard.provenance,
      "price.input": modelsDev,
      "price.output": modelsDev,
      "price.cacheRead": modelsDev,
    },
  };
};

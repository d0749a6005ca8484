import type { UnroutedPrice } from "../catalog.ts";
import { mergePrice } from "../price/merge-price.ts";
import { modelsDevPrice } from "../price/models-dev-price.ts";
import type { ModelsDevModel } from "../source/models-dev.ts";

/** The modes of models.dev that ask OpenAI's wire for a premium tier: those are offerings. */
export const isPriorityMode = (mode: NonNullable<ModelsDevModel["modes"]>[string]): boolean =>
  mode.provider.body["service_tier"] === "priority";

/** Every other mode that models.dev prices: batch and flex where it states them, Anthropic's fast mode. */
export const unroutedPricesOf = (
  provider: string,
  model: ModelsDevModel | null,
): readonly UnroutedPrice[] =>
  Object.entries(model?.modes ?? {}).flatMap(([mode, stated]) => {
    if (isPriorityMode(stated)) return [];
    const earlier = modelsDevPrice(provider, stated.cost);
    const { price } = mergePrice({ later: [], earlier, override: null });
    return price === null ? [] : [{ mode, price }];
  });

import type { Offering } from "@pointsman/core";
import type { Catalog } from "./catalog.ts";
import { suggestIds } from "./suggest-ids.ts";

/** Whose offerings are wanted, and under which name. */
export type OfferedBy = {
  /** Its name where the offerings go. */
  readonly id: string;
  /** The catalogue's provider that has the same models at the same prices. @default `id` */
  readonly like?: string;
  /** Models by any of their names. @default all it has */
  readonly models?: readonly string[];
};

const maybe = (nearest: readonly string[]): string =>
  nearest.length === 0 ? "" : ` Did you mean ${nearest.join(", ")}?`;

const offeringsAt = (catalog: Catalog, provider: string): readonly Offering[] => {
  if (!catalog.providers.has(provider)) {
    const nearest = suggestIds(catalog.providers.keys(), provider, 3);
    throw new RangeError(`The catalogue has no provider '${provider}'.${maybe(nearest)}`);
  }
  return [...catalog.models.values()].flatMap(({ offerings }) =>
    offerings.flatMap(({ offering }) => (offering.provider === provider ? [offering] : [])),
  );
};

const ofModels = (
  catalog: Catalog,
  offered: readonly Offering[],
  { id, models }: OfferedBy,
): readonly Offering[] => {
  if (models === undefined) return offered;
  const wanted = new Set(models.map((name) => catalog.resolve(name)?.id ?? name));
  const served = new Set(offered.map(({ model }) => model));
  for (const model of wanted) {
    if (served.has(model)) continue;
    const nearest = maybe(suggestIds(served, model, 3));
    throw new RangeError(`The catalogue knows no model '${model}' at '${id}'.${nearest}`);
  }
  return offered.filter(({ model }) => wanted.has(model));
};

/**
 * What providers offer, as core and an engine take it: by their ids in the catalogue, or under names of
 * one's own. Objects may say more than is read here, such as a key.
 *
 * @throws RangeError if the catalogue knows no such provider, or not the model at it
 */
export const offeringsOf = (
  catalog: Catalog,
  providers: readonly (string | OfferedBy)[],
): readonly Offering[] =>
  providers.flatMap((given) => {
    const by = typeof given === "string" ? { id: given } : given;
    const offered = ofModels(catalog, offeringsAt(catalog, by.like ?? by.id), by);
    return offered.map((offering) => ({
      ...offering,
      // An offering's id begins with its provider's.
      id: `${by.id}${offering.id.slice(offering.provider.length)}`,
      provider: by.id,
    }));
  });

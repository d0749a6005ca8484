import type { Offering } from "@pointsman/core";
import type { ModelDirectory } from "../plan/model-directory.ts";
import type { ModelCatalog } from "./model-catalog.ts";

/** The models behind these offerings, under their ids and the other names that a catalogue has for them. */
export const servedDirectory = (
  offerings: readonly Offering[],
  catalog: ModelCatalog | null,
): ModelDirectory => {
  const served = new Set(offerings.map(({ model }) => model));
  const providers = new Set(offerings.map(({ provider }) => provider));
  return {
    resolve: (name) => {
      if (served.has(name)) return name;
      const known = catalog?.resolve(name)?.id;
      return known !== undefined && served.has(known) ? known : null;
    },
    suggest: (name) =>
      catalog
        ?.suggest(name, Number.POSITIVE_INFINITY)
        .filter((id) => served.has(id))
        .slice(0, 3) ?? [],
    isProvider: (id) => providers.has(id),
  };
};

import type { Catalog, CatalogProvider } from "../catalog.ts";

/** A provider and how many models of the catalogue it offers. */
export type ListedProvider = CatalogProvider & { readonly modelCount: number };

/** All providers in the catalogue's order. */
export const listProviders = (catalog: Catalog): readonly ListedProvider[] => {
  const counts = new Map<string, number>();
  for (const model of catalog.models.values()) {
    for (const provider of new Set(model.offerings.map(({ offering }) => offering.provider))) {
      counts.set(provider, (counts.get(provider) ?? 0) + 1);
    }
  }
  return [...catalog.providers.values()].map((provider) => ({
    ...provider,
    modelCount: counts.get(provider.id) ?? 0,
  }));
};

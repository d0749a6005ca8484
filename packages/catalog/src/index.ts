export { compileCatalog } from "./compile-catalog.ts";
export { describePrices } from "./describe-prices.ts";
export { listProviders } from "./provider/list-providers.ts";
export { loadCatalog } from "./load-catalog.ts";
export { offeringsOf } from "./offerings-of.ts";
export type { OfferedBy } from "./offerings-of.ts";
export { genaiSchedule } from "./price/genai-schedule.ts";
export { picoUsdPerPiece, picoUsdPerToken, usdPerMtok } from "./price/pico-usd.ts";
export { readSources } from "./source/read-sources.ts";
export type {
  Catalog,
  CatalogModel,
  CatalogOffering,
  CatalogProvider,
  LeftOut,
  Provenance,
  ProvenanceField,
  ProviderKind,
  UnroutedPrice,
} from "./catalog.ts";
export type { ListedProvider } from "./provider/list-providers.ts";
export type { PriceRow, UsdRates } from "./describe-prices.ts";
export type { GenaiModel } from "./source/genai-prices.ts";
export type { ReasoningOption } from "./source/models-dev.ts";
export type { Sources } from "./source/read-sources.ts";
export { suggestIds } from "./suggest-ids.ts";

import type { Catalog, CatalogModel } from "./catalog.ts";
import { nameRows } from "./model/canonical-names.ts";
import { collectAliases } from "./model/collect-aliases.ts";
import { collectRows } from "./model/collect-rows.ts";
import { compileModel } from "./model/compile-model.ts";
import type { Origins } from "./model/compile-offering.ts";
import { catalogProviderOf, providerTable } from "./provider/provider-table.ts";
import type { Sources } from "./source/read-sources.ts";
import { suggestIds } from "./suggest-ids.ts";

const originsOf = ({ modelsDev, genaiPrices }: Sources, date: string): Origins => ({
  modelsDev: { source: modelsDev.source, licence: "MIT", date: modelsDev.date },
  genaiPrices: { source: "genai-prices", licence: "MIT", date: genaiPrices.date },
  own: { source: "pointsman", licence: "MIT", date },
});

const byId = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;

/**
 * Compiles the sources into one catalogue. Pure: the same sources give the same catalogue.
 *
 * @throws RangeError if a price is no whole number of pico-dollars per token
 */
export const compileCatalog = (sources: Sources): Catalog => {
  const date =
    sources.modelsDev.date > sources.genaiPrices.date
      ? sources.modelsDev.date
      : sources.genaiPrices.date;
  const origins = originsOf(sources, date);
  const { rows, leftOut } = collectRows(sources);
  const named = nameRows(rows, sources.modelMap);
  const aliases = collectAliases(named, sources.modelMap);
  const aliasesOf = new Map<string, string[]>();
  for (const [alias, name] of aliases) {
    const list = aliasesOf.get(name) ?? [];
    list.push(alias);
    aliasesOf.set(name, list);
  }
  const models = new Map<string, CatalogModel>();
  for (const [id, [first, ...others]] of [...named].sort(byId)) {
    if (first === undefined) continue;
    const model = compileModel({ id, rows: [first, ...others], sources, origins });
    models.set(id, { ...model, aliases: (aliasesOf.get(id) ?? []).sort() });
  }
  return {
    version: `${date}-${sources.contentHash.slice(0, 8)}`,
    dateMs: Date.parse(date),
    models,
    providers: new Map(providerTable.map((entry) => [entry.id, catalogProviderOf(entry)])),
    aliases,
    leftOut,
    resolve: (name) => models.get(name) ?? models.get(aliases.get(name) ?? "") ?? null,
    suggest: (name, count = 3) => suggestIds(models.keys(), name, count),
  };
};

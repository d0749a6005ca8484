import type { CatalogModel, CatalogOffering } from "../catalog.ts";
import type { Sources } from "../source/read-sources.ts";
import { authorOf, familyOf } from "./author.ts";
import { compileOffering } from "./compile-offering.ts";
import type { Origins } from "./compile-offering.ts";
import { priorityOfferingOf } from "./priority-offering.ts";
import type { SourceRow } from "./source-row.ts";

const union = (lists: readonly (readonly string[])[]): readonly string[] => [
  ...new Set(lists.flat()),
];

/** `2026-01` counts as its first day. */
const secondsOf = (day: string): number => Date.parse(day.length === 7 ? `${day}-01` : day) / 1000;

/** The rows of one canonical model -> the model, aliases still to come. */
export const compileModel = (options: {
  readonly id: string;
  readonly rows: readonly [SourceRow, ...SourceRow[]];
  readonly sources: Sources;
  readonly origins: Origins;
}): Omit<CatalogModel, "aliases"> => {
  const { id, rows, sources, origins } = options;
  const entry = Object.hasOwn(sources.modelMap, id) ? sources.modelMap[id] : undefined;
  const offerings: CatalogOffering[] = [];
  for (const row of rows) {
    const mapped = entry?.offerings.find(
      (offering) => offering.provider === row.provider.id && offering.id === row.id,
    );
    const standard = compileOffering({
      row,
      model: id,
      quantization: mapped?.quantization ?? null,
      sources,
      origins,
    });
    offerings.push(standard);
    const priority = priorityOfferingOf(standard, row.modelsDev, origins.modelsDev);
    if (priority !== null) offerings.push(priority);
  }
  const listed = rows.flatMap(({ modelsDev }) => (modelsDev === null ? [] : [modelsDev]));
  const windows = offerings.flatMap(({ offering }) => offering.contextWindow ?? []);
  const [first] = rows;
  const created =
    listed.length === 0
      ? secondsOf(sources.genaiPrices.date)
      : Math.min(...listed.map((model) => secondsOf(model.release_date)));
  return {
    id,
    family: entry?.family ?? listed[0]?.family ?? familyOf(id),
    displayName: entry?.displayName ?? listed[0]?.name ?? first.genai?.name ?? id,
    author: entry?.author ?? authorOf(first),
    createdSeconds: created,
    inputModalities: listed.length === 0 ? ["text"] : union(listed.map((m) => m.modalities.input)),
    outputModalities:
      listed.length === 0 ? ["text"] : union(listed.map((m) => m.modalities.output)),
    contextWindow: windows.length === 0 ? null : Math.max(...windows),
    offerings,
  };
};

import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { genaiPricesSchema } from "./source/genai-prices.ts";
import { findMatch } from "./source/matches.ts";
import { modelMapSchema } from "./source/model-map.ts";
import { modelsDevSchema } from "./source/models-dev.ts";
import { overridesSchema } from "./source/overrides.ts";
import { readSources } from "./source/read-sources.ts";
import { providerTable } from "./provider/provider-table.ts";

const sources = readSources();

/** Whether a source knows the model under exactly this id. */
const isKnown = (provider: string, id: string): boolean => {
  const entry = providerTable.find((candidate) => candidate.id === provider);
  if (entry === undefined) return false;
  const listed = sources.modelsDev.providers[entry.modelsDevId]?.models ?? {};
  const priced = sources.genaiPrices.providers.find((candidate) => candidate.id === entry.genaiId);
  return Object.hasOwn(listed, id) || findMatch(priced?.models ?? [], id) !== null;
};

describe("data files", () => {
  it("have the shape their schemas say", () => {
    modelsDevSchema.parse(sources.modelsDev);
    genaiPricesSchema.parse(sources.genaiPrices);
    modelMapSchema.parse(sources.modelMap);
    overridesSchema.parse(sources.overrides);
  });

  it("models.json is made from models.yaml (npm run compile:models)", () => {
    const yaml = readFileSync(new URL("../data/models.yaml", import.meta.url), "utf8");
    expect(sources.modelMap).toEqual(parse(yaml));
  });

  it("models.yaml names only models that a source knows, each once", () => {
    const seen = new Set<string>();
    for (const { offerings } of Object.values(sources.modelMap)) {
      for (const { provider, id } of offerings) {
        expect(isKnown(provider, id), `${provider} ${id}`).toBe(true);
        expect(seen.has(`${provider} ${id}`), `${provider} ${id} twice`).toBe(false);
        seen.add(`${provider} ${id}`);
      }
    }
  });

  it("overrides name only models that a source knows", () => {
    const { priceEntries, rates, shutdowns, newSinceModelsDev } = sources.overrides;
    for (const { provider, models } of [...priceEntries, ...rates, ...shutdowns]) {
      for (const id of models) expect(isKnown(provider, id), `${provider} ${id}`).toBe(true);
    }
    for (const [provider, ids] of Object.entries(newSinceModelsDev)) {
      for (const id of ids) expect(isKnown(provider, id), `${provider} ${id}`).toBe(true);
    }
  });

  it("every provider of the table is in the source it says", () => {
    for (const { modelsDevId, genaiId } of providerTable) {
      expect(Object.keys(sources.modelsDev.providers)).toContain(modelsDevId);
      if (genaiId !== null) {
        expect(sources.genaiPrices.providers.map(({ id }) => id)).toContain(genaiId);
      }
    }
  });
});

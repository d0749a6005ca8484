import { genaiSchedule, loadCatalog, readSources } from "@pointsman/catalog";
import type { GenaiModel } from "@pointsman/catalog";
import { costOf } from "@pointsman/core";
import type { PriceSchedule, Usage } from "@pointsman/core";
import { calcPrice } from "@pydantic/genai-prices";
import { describe, expect, it } from "vitest";
import {
  differencesOfEntries,
  differencesOfOfferings,
  pricedWithoutTokens,
  unknownToThem,
} from "./known-differences.ts";
import type { KnownDifference } from "./known-differences.ts";
import { instantsOf, usagesOf } from "./sweep.ts";
import { theirUsageOf } from "./their-usage.ts";

/**
 * genai-prices adds some twenty products in floating point: at most 20 × 2^-53 of the total are
 * lost, less than half a pico-dollar below 200 USD. Up to there the nearest whole number is the
 * exact sum of its prices.
 */
const MOST_USD = 200;

type TheirPrice = (usage: Usage, atMs: number) => number | null;

const toPico = (usd: number): number => {
  expect(usd).toBeLessThan(MOST_USD);
  return Math.round(usd * 1e12);
};

const theirPriceOf =
  (modelId: string, where: Parameters<typeof calcPrice>[2]): TheirPrice =>
  (usage, atMs) => {
    const price = calcPrice(theirUsageOf(usage), modelId, { ...where, timestamp: new Date(atMs) });
    return price === null ? null : toPico(price.total_price);
  };

/** An entry's prices as their types want them: no constraint is none, not `undefined`. */
const theirPricesOf = ({ prices }: GenaiModel) =>
  Array.isArray(prices)
    ? prices.map(({ constraint, prices: set }) =>
        constraint === undefined ? { prices: set } : { constraint, prices: set },
      )
    : prices;

type Comparison = {
  readonly schedule: PriceSchedule;
  readonly theirs: TheirPrice;
  readonly random: number;
  readonly seed: number;
};

/** Instants at which some usage costs more or less than genai-prices says, and the first such case. */
const compare = ({ schedule, theirs, random, seed }: Comparison) => {
  const differs = new Set<number>();
  let first = "";
  let cases = 0;
  for (const atMs of instantsOf(schedule)) {
    for (const usage of usagesOf(schedule, { random, seed })) {
      const their = theirs(usage, atMs);
      if (their === null) continue;
      cases += 1;
      const ours = costOf(schedule, usage, atMs);
      if (ours === their) continue;
      differs.add(atMs);
      first ||= `${new Date(atMs).toISOString()} ${JSON.stringify(usage)}: ${ours}, not ${their}`;
    }
  }
  return { differs: [...differs], first, cases };
};

/** A difference is either named, and then real and within its time, or a failure. */
const expectOnlyKnown = (
  known: KnownDifference | undefined,
  { differs, first }: ReturnType<typeof compare>,
): void => {
  if (known === undefined) {
    expect(first).toBe("");
    return;
  }
  expect(differs).not.toEqual([]);
  const end = known.before === undefined ? Number.POSITIVE_INFINITY : Date.parse(known.before);
  expect(differs.filter((atMs) => atMs >= end)).toEqual([]);
};

const { genaiPrices } = readSources();
const entries = genaiPrices.providers.flatMap((provider) =>
  provider.models.map((model) => ({ name: `${provider.id}/${model.id}`, provider, model })),
);

describe("every entry of genai-prices costs the same here, to the pico-dollar", () => {
  it.each(genaiPrices.providers.map(({ id }) => id))("%s", (providerId) => {
    let compared = 0;
    for (const { name, provider, model } of entries) {
      if (provider.id !== providerId) continue;
      const schedule = genaiSchedule(model);
      expect(schedule === null, name).toBe(name in pricedWithoutTokens);
      if (schedule === null) {
        expect(model.prices, name).not.toHaveProperty("input_mtok");
        continue;
      }
      // Its own entry under its own name, whichever entry a clause would pick.
      const alone = {
        id: provider.id,
        name: provider.name,
        api_pattern: "-",
        models: [{ id: model.id, match: { equals: model.id }, prices: theirPricesOf(model) }],
      };
      const theirs = theirPriceOf(model.id, { provider: alone });
      const result = compare({ schedule, theirs, random: 10, seed: compared + 1 });
      expect(result.cases, name).toBeGreaterThan(100);
      expectOnlyKnown(differencesOfEntries[name], result);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(0);
  });
});

const theirProvider: Readonly<Record<string, string>> = {
  google_ai_studio: "google",
  xai: "x-ai",
  fireworks_ai: "fireworks",
  together_ai: "together",
  z_ai: "zai",
  moonshot: "moonshotai",
};

describe("every offering that both price costs the same, whatever the catalogue made of its sources", () => {
  const offerings = [...loadCatalog().models.values()]
    .flatMap((model) => model.offerings)
    .filter(({ offering }) => offering.tier === "standard");

  it("differs only where the table says why", () => {
    const found: string[] = [];
    let compared = 0;
    for (const { offering, provenance } of offerings) {
      if (offering.price === null) continue;
      const { id, price: schedule, provider, providerModelId } = offering;
      const compareAs = (modelId: string) =>
        compare({
          schedule,
          theirs: theirPriceOf(modelId, { providerId: theirProvider[provider] ?? provider }),
          random: 4,
          seed: compared + 1,
        });
      const result = compareAs(providerModelId);
      if (provenance["price.input"]?.source === "genai-prices") {
        expect(result.cases === 0, id).toBe(id in unknownToThem);
      }
      const pricedAs = (unknownToThem[id] ?? differencesOfOfferings[id])?.pricedAs;
      if (pricedAs !== undefined) {
        const renamed = compareAs(pricedAs);
        expect(renamed.cases, id).toBeGreaterThan(0);
        expectOnlyKnown(differencesOfOfferings[`${provider}/${pricedAs}`], renamed);
      }
      if (result.cases === 0) continue;
      compared += 1;
      if (result.differs.length > 0) found.push(id);
      expectOnlyKnown(differencesOfOfferings[id], result);
    }
    expect(found.toSorted()).toEqual(Object.keys(differencesOfOfferings).toSorted());
    expect(compared).toBeGreaterThan(200);
  });
});

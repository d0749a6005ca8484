import type { PriceSchedule, Rates } from "../cost/price-schedule.ts";
import { decide } from "../decide/decide.ts";
import { explain } from "../explain/explain.ts";
import type { Offering } from "../offering/offering.ts";
import type { Plugs } from "../plugs/plugs.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { RouterState } from "../state/router-state.ts";
import { serialise } from "../state/serialise.ts";
import { stateOfCase } from "./cases.ts";
import type { ExampleCase } from "./cases.ts";

/** Something that must hold of every case, with an embedder's plugs or without. */
export type Law = {
  readonly name: string;
  /** What is wrong; `null` = the law holds. */
  readonly broken: (example: ExampleCase, plugs?: Plugs) => string | null;
};

/** Laws of the order hold where chance is left out. */
export const certain = { exploration: 0, uncertaintyDraw: false } as const;

export const idsOf = (
  state: RouterState,
  request: RoutingRequest,
  options: ExampleCase["options"],
): readonly string[] =>
  decide(state, request, options).candidates.map(({ offering }) => offering.id);

export const text = (value: unknown): string => JSON.stringify(value);

export const differ = (a: unknown, b: unknown): string | null =>
  text(a) === text(b) ? null : `${text(a)} is not ${text(b)}`;

const scaledRates = (rates: Rates, factor: number): Rates => {
  const times = (rate: number | null): number | null => (rate === null ? null : rate * factor);
  return {
    ...rates,
    inputPicoUsd: rates.inputPicoUsd * factor,
    outputPicoUsd: rates.outputPicoUsd * factor,
    cacheReadPicoUsd: times(rates.cacheReadPicoUsd),
    cacheWrite5mPicoUsd: times(rates.cacheWrite5mPicoUsd),
    cacheWrite1hPicoUsd: times(rates.cacheWrite1hPicoUsd),
  };
};

const scaled = (
  { periods: [period, ...others] }: PriceSchedule,
  factor: number,
): PriceSchedule => ({
  periods: [
    {
      ...period,
      rates: scaledRates(period.rates, factor),
      tiers: period.tiers.map((tier) => ({ ...tier, rates: scaledRates(tier.rates, factor) })),
    },
    ...others,
  ],
});

export const withPrices = (
  offerings: readonly Offering[],
  factorOf: (offering: Offering) => number,
): readonly Offering[] =>
  offerings.map((offering) => ({
    ...offering,
    price: offering.price && scaled(offering.price, factorOf(offering)),
  }));

/** The laws of core that an embedder's plugs must not break. */
export const laws: readonly Law[] = [
  {
    name: "the same state, request, time and seed give the same decision",
    broken: (example, plugs = {}) => {
      const decided = (): unknown =>
        decide(stateOfCase(example, { plugs }), example.request, example.options);
      return differ(decided(), decided());
    },
  },
  {
    name: "deciding and explaining change nothing",
    broken: (example, plugs = {}) => {
      const state = stateOfCase(example, { plugs });
      const before = text(serialise(state));
      explain(state, example.request, example.options);
      return before === text(serialise(state)) ? null : "the state has changed";
    },
  },
  {
    name: "the order in which offerings are given is of no consequence",
    broken: (example, plugs = {}) => {
      const turned = { ...example, offerings: example.offerings.toReversed() };
      return differ(
        decide(stateOfCase(turned, { plugs }), example.request, example.options),
        decide(stateOfCase(example, { plugs }), example.request, example.options),
      );
    },
  },
  {
    name: "the order is the same in any currency",
    broken: (example, plugs = {}) => {
      const dearer = { ...example, offerings: withPrices(example.offerings, () => 64) };
      const options = { ...certain, plugs };
      return differ(
        idsOf(stateOfCase(dearer, options), example.request, example.options),
        idsOf(stateOfCase(example, options), example.request, example.options),
      );
    },
  },
  {
    name: "a constraint never adds candidates",
    broken: (example, plugs = {}) => {
      const state = stateOfCase(example, { ...certain, plugs });
      const free = new Set(idsOf(state, example.request, example.options));
      const bound = idsOf(
        state,
        { ...example.request, constraints: { maxCostPer1m: 5, maxTtftMs: 900 } },
        example.options,
      );
      return bound.every((id) => free.has(id))
        ? null
        : `${text(bound)} is not within ${text([...free])}`;
    },
  },
  {
    name: "explain agrees with decide, term by term",
    broken: (example, plugs = {}) => {
      const state = stateOfCase(example, { plugs });
      const explanation = explain(state, example.request, example.options);
      const decision = decide(state, example.request, example.options);
      const wrong = decision.candidates.find(({ offering, score, expected }, index) => {
        const told = explanation.candidates[index];
        if (told === undefined || told.offeringId !== offering.id) return true;
        const { cost, ttft, throughput } = told.terms;
        const sum = cost.contribution + ttft.contribution + throughput.contribution;
        return (
          told.score !== score ||
          (plugs.score === undefined && Math.abs(sum - score) > 1e-12) ||
          told.expected.costUsd !== expected.costUsd ||
          told.expected.ttftMs !== expected.ttftMs ||
          told.expected.cachedTokens !== expected.cachedTokens
        );
      });
      if (wrong !== undefined) return `${wrong.offering.id} is told otherwise`;
      return differ(explanation.decision, decision);
    },
  },
];

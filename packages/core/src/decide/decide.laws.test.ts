import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  at,
  constraints,
  histories,
  idsOf,
  offeringLists,
  prices,
  providers,
  requests,
  stateOf,
} from "../../test/arbitraries.ts";
import type { PriceSchedule, Rates } from "../cost/price-schedule.ts";
import { explain } from "../explain/explain.ts";
import type { Offering } from "../offering/offering.ts";
import { freeze } from "../state/router-state.ts";
import { exampleOffering, exampleRequest } from "../testing.ts";
import { decide } from "./decide.ts";

const scaled = (price: PriceSchedule, factor: number): PriceSchedule => {
  const [period] = price.periods;
  const rates: Rates = {
    ...period.rates,
    inputPicoUsd: period.rates.inputPicoUsd * factor,
    outputPicoUsd: period.rates.outputPicoUsd * factor,
  };
  return { periods: [{ ...period, rates }] };
};

describe("laws of decide", () => {
  it("the same state, request, time and seed give the same decision", () => {
    fc.assert(
      fc.property(offeringLists, histories, requests, (offerings, history, request) => {
        const decision = decide(stateOf(offerings, history), request, at);
        expect(decide(stateOf(offerings, history), request, at)).toEqual(decision);
        expect(decision.candidates.length === 0).toBe(decision.failure !== null);
      }),
    );
  });

  it("reads only", () => {
    fc.assert(
      fc.property(offeringLists, histories, requests, (offerings, history, request) => {
        const state = stateOf(offerings, history);
        const before = freeze(state);
        explain(state, request, at);
        expect(state).toEqual(before);
      }),
    );
  });

  it("the order of offerings is of no consequence", () => {
    const shuffled = offeringLists.chain((offerings) =>
      fc.tuple(
        fc.constant(offerings),
        fc.shuffledSubarray(offerings, { minLength: offerings.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, histories, requests, ([offerings, others], history, request) => {
        expect(decide(stateOf(others, history), request, at)).toEqual(
          decide(stateOf(offerings, history), request, at),
        );
      }),
    );
  });

  it("the order is the same in any currency", () => {
    fc.assert(
      fc.property(
        offeringLists,
        requests,
        fc.constantFrom(2, 4, 64, 1024),
        (offerings, request, factor) => {
          const dearer = offerings.map((offering) => ({
            ...offering,
            price: offering.price && scaled(offering.price, factor),
          }));
          expect(idsOf(stateOf(dearer, []), request)).toEqual(
            idsOf(stateOf(offerings, []), request),
          );
        },
      ),
    );
  });

  it("a cheaper offering never ranks lower for cost-focus", () => {
    fc.assert(
      fc.property(
        offeringLists,
        histories,
        fc.nat(),
        fc.integer({ min: 0, max: 999_999 }),
        (offerings, history, pick, millionths) => {
          const chosen = offerings[pick % offerings.length];
          const price = chosen?.price;
          if (chosen === undefined || price === null || price === undefined) return;
          const cut = (rate: number): number => Math.floor((rate * millionths) / 1_000_000);
          const [period] = price.periods;
          const rates = {
            ...period.rates,
            inputPicoUsd: cut(period.rates.inputPicoUsd),
            outputPicoUsd: cut(period.rates.outputPicoUsd),
          };
          const cheaper = {
            ...chosen,
            price: { periods: [{ ...period, rates }] },
          } satisfies Offering;
          const request = exampleRequest(providers, { models: ["m", "n"] });
          const place = (list: readonly Offering[]): number =>
            idsOf(stateOf(list, history), request).indexOf(
              `${chosen.id} ${chosen.provider}-platform`,
            );
          expect(
            place(offerings.map((offering) => (offering === chosen ? cheaper : offering))),
          ).toBeLessThanOrEqual(place(offerings));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("cost-focus tries the cheapest first, where nothing has failed", () => {
    fc.assert(
      fc.property(fc.array(prices, { minLength: 1, maxLength: 6 }), (schedules) => {
        const offerings = schedules.map((price, index) => exampleOffering(`p${index}`, { price }));
        const { candidates } = decide(stateOf(offerings, []), exampleRequest(providers), at);
        const costs = candidates.map(({ expected }) => expected.costUsd ?? Infinity);
        // Within 0.1 % the balanced score decides.
        expect(costs[0]).toBeLessThanOrEqual(Math.min(...costs) * 1.001);
      }),
    );
  });

  it("a constraint never adds candidates", () => {
    fc.assert(
      fc.property(
        offeringLists,
        histories,
        requests,
        constraints,
        (offerings, history, request, extra) => {
          const state = stateOf(offerings, history);
          const free = new Set(idsOf(state, request));
          for (const id of idsOf(state, { ...request, constraints: extra })) {
            expect(free.has(id)).toBe(true);
          }
        },
      ),
    );
  });

  it("every failure names its reason", () => {
    fc.assert(
      fc.property(
        offeringLists,
        histories,
        requests,
        constraints,
        (offerings, history, request, extra) => {
          const { failure } = decide(
            stateOf(offerings, history),
            { ...request, constraints: extra },
            at,
          );
          if (failure === null) return;
          expect(failure.message.length).toBeGreaterThan(10);
          expect(failure.message).not.toMatch(/undefined|NaN|Infinity/);
        },
      ),
    );
  });
});

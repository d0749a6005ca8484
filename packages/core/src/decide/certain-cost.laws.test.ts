import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costOf } from "../cost/cost-of.ts";
import { flatSchedule } from "../cost/flat-schedule.ts";
import type { FlatRates } from "../cost/flat-schedule.ts";
import type { PriceSchedule } from "../cost/price-schedule.ts";
import { usdFromPico } from "../cost/usd.ts";
import { createRouterState } from "../state/router-state.ts";
import { exampleOffering, exampleRequest, fixedOutput } from "../testing.ts";
import { emptyUsage } from "../usage/usage.ts";
import { decide } from "./decide.ts";

const NOON_MS = Date.UTC(2026, 0, 5, 12);
const usd = fc.integer({ min: 0, max: 40_000 }).map((price) => price / 1000);
const rates: fc.Arbitrary<FlatRates> = fc.record({ input: usd, output: usd });
const MARKS = [1000, 32_000, 200_000] as const;

/** Tiers of both modes, fees, cheaper hours. */
const schedules: fc.Arbitrary<PriceSchedule> = fc
  .record({
    base: rates,
    tiers: fc.tuple(rates, rates, rates),
    marks: fc.subarray([...MARKS]),
    tierMode: fc.constantFrom("whole_request", "marginal"),
    requestFeePicoUsd: fc.integer({ min: 0, max: 10_000_000_000 }),
    cheaper: fc.option(rates),
  })
  .map(({ base, tiers, marks, tierMode, requestFeePicoUsd, cheaper }): PriceSchedule => {
    const [period] = flatSchedule({
      ...base,
      tiers: marks.map((abovePromptTokens, index) => ({
        ...(tiers[index] ?? base),
        abovePromptTokens,
      })),
    }).periods;
    const own = { ...period, tierMode, requestFeePicoUsd };
    if (cheaper === null) return { periods: [own] };
    const [atNight] = flatSchedule(cheaper).periods;
    return {
      periods: [own, { ...atNight, dayWindows: [{ fromMinute: 16 * 60, toMinute: 24 * 60 }] }],
    };
  });

/** At, just above, just below a mark, and anything else. */
const promptLengths = fc.oneof(
  fc.tuple(fc.constantFrom(...MARKS), fc.constantFrom(-1, 0, 1)).map(([mark, off]) => mark + off),
  fc.integer({ min: 1, max: 300_000 }),
);

describe("laws of a certain cost", () => {
  it("is the exact cost: tiers to the token, hours to the minute", () => {
    fc.assert(
      fc.property(
        schedules,
        promptLengths,
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: -1, max: 1 }),
        (price, tokens, outputTokens, offMs) => {
          // Four hours after noon the hours change.
          const nowMs = NOON_MS + 4 * 3_600_000 + offMs;
          const state = createRouterState({
            offerings: [exampleOffering("only", { price })],
            plugs: { output: fixedOutput(outputTokens) },
          });
          const request = exampleRequest(["only"], { prompt: { bytes: 0, tokens } });
          const [candidate] = decide(state, request, { nowMs, seed: 1 }).candidates;
          const exact = costOf(price, { ...emptyUsage, inputTokens: tokens, outputTokens }, nowMs);
          expect(candidate?.expected.costUsd).toBe(usdFromPico(exact));
          expect(candidate?.holdPicoUsd).toBe(exact);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("a tier begins with the token after its mark, for every offering by its own", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 300_000 }),
        fc.constantFrom(-1, 0, 1),
        fc.constantFrom("cost-focus", "balanced"),
        (mark, off, strategy) => {
          const tier = { abovePromptTokens: mark, input: 3, output: 3 };
          const offerings = [
            exampleOffering("tiered", {
              price: flatSchedule({ input: 1, output: 1, tiers: [tier] }),
            }),
            exampleOffering("flat", { price: flatSchedule({ input: 2, output: 2 }) }),
          ];
          const state = createRouterState({ offerings, uncertaintyDraw: false });
          const request = exampleRequest(["tiered", "flat"], {
            prompt: { bytes: 0, tokens: mark + off },
            strategy,
          });
          const [first] = decide(state, request, { nowMs: NOON_MS, seed: 1 }).candidates;
          expect(first?.offering.id).toBe(off <= 0 ? "tiered/m" : "flat/m");
        },
      ),
    );
  });
});

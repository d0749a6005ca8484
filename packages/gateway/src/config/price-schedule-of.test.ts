import * as fc from "fast-check";
import { expect, test } from "vitest";
import { priceScheduleOf } from "./price-schedule-of.ts";

const noCache = { cacheRead: null, cacheWrite: null, cacheWrite1h: null };

test("USD per million tokens become whole pico-dollars per token", () => {
  const [period] = priceScheduleOf({
    input: 2.5,
    output: 10,
    cacheRead: 0.075,
    cacheWrite: 3.75,
    cacheWrite1h: null,
    tiers: [{ above: 200_000, input: 5, output: 0.000001, ...noCache }],
  }).periods;
  expect(period.rates).toMatchObject({
    inputPicoUsd: 2_500_000,
    outputPicoUsd: 10_000_000,
    cacheReadPicoUsd: 75_000,
    cacheWrite5mPicoUsd: 3_750_000,
    cacheWrite1hPicoUsd: null,
  });
  expect(period.tiers).toMatchObject([
    { abovePromptTokens: 200_000, rates: { inputPicoUsd: 5_000_000, outputPicoUsd: 1 } },
  ]);
});

test("every price of six decimals is exact", () => {
  fc.assert(
    fc.property(fc.nat({ max: 10 ** 12 }), (pico) => {
      const input = Number(`${pico}e-6`);
      const [period] = priceScheduleOf({ input, output: 0, ...noCache, tiers: [] }).periods;
      expect(period.rates.inputPicoUsd).toBe(pico);
    }),
  );
});

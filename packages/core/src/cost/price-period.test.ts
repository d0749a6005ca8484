import { describe, expect, it } from "vitest";
import { flatSchedule } from "./flat-schedule.ts";
import { meanListPriceUsdPer1m } from "./list-price.ts";
import { periodAt, ratesFor } from "./price-period.ts";
import type { PricePeriod, PriceSchedule } from "./price-schedule.ts";

const at = (iso: string): number => Date.parse(iso);
const period = (input: number, change: Partial<PricePeriod>): PricePeriod => ({
  ...flatSchedule({ input, output: input * 4 }).periods[0],
  ...change,
});

const schedule: PriceSchedule = {
  periods: [
    period(2, {}),
    period(1, { dayWindows: [{ fromMinute: 16 * 60 + 30, toMinute: 30 }] }),
    period(3, { fromMs: at("2026-06-01T00:00:00Z") }),
  ],
};
const inputAt = (iso: string): number => periodAt(schedule, at(iso)).rates.inputPicoUsd / 1e6;

describe("periodAt", () => {
  it("takes the last period that holds", () => {
    expect(inputAt("2026-05-31T23:59:59Z")).toBe(1);
    expect(inputAt("2026-06-01T00:00:00Z")).toBe(3);
  });

  it("runs windows past midnight UTC, start inclusive, end exclusive", () => {
    expect(inputAt("2026-03-01T16:29:59Z")).toBe(2);
    expect(inputAt("2026-03-01T16:30:00Z")).toBe(1);
    expect(inputAt("2026-03-02T00:29:59Z")).toBe(1);
    expect(inputAt("2026-03-02T00:30:00Z")).toBe(2);
  });

  it("falls back to the first period where none holds", () => {
    const later: PriceSchedule = { periods: [period(7, { fromMs: 1000 })] };
    expect(periodAt(later, 0).rates.inputPicoUsd).toBe(7_000_000);
  });
});

describe("ratesFor", () => {
  it("changes one token above the mark", () => {
    const tiers = flatSchedule({
      input: 1,
      output: 4,
      tiers: [
        { abovePromptTokens: 1000, input: 3, output: 4 },
        { abovePromptTokens: 100, input: 2, output: 4 },
      ],
    });
    const input = (tokens: number): number => ratesFor(tiers, tokens, 0).inputPicoUsd / 1e6;
    expect([100, 101, 1000, 1001].map(input)).toEqual([1, 2, 2, 3]);
  });
});

describe("meanListPriceUsdPer1m", () => {
  it("is the mean of input and output, tiers aside", () => {
    expect(meanListPriceUsdPer1m(schedule, at("2026-03-01T12:00:00Z"))).toBe(5);
  });
});

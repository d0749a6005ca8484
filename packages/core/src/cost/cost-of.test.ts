import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyUsage, usageBuckets } from "../usage/usage.ts";
import type { Usage } from "../usage/usage.ts";
import { costOf } from "./cost-of.ts";
import { flatSchedule } from "./flat-schedule.ts";
import type { PricePeriod, PriceSchedule } from "./price-schedule.ts";

const tokens = fc.integer({ min: 0, max: 300_000 });
const buckets = {
  inputTokens: tokens,
  cacheReadTokens: tokens,
  cacheWrite5mTokens: tokens,
  cacheWrite1hTokens: tokens,
  outputTokens: tokens,
  reasoningTokens: tokens,
  audioInputTokens: tokens,
  audioCacheReadTokens: tokens,
  imageInputTokens: tokens,
  imageCacheReadTokens: tokens,
  videoInputTokens: tokens,
  audioOutputTokens: tokens,
  imageOutputTokens: tokens,
  videoOutputTokens: tokens,
  webSearches: fc.integer({ min: 0, max: 5 }),
  fileSearches: fc.integer({ min: 0, max: 5 }),
};
const usages = fc.record(buckets);
const bucketNames = usageBuckets;

const tiered = flatSchedule({
  input: 1.25,
  output: 10,
  cacheRead: 0.125,
  cacheWrite: 1.5625,
  tiers: [{ abovePromptTokens: 200_000, input: 2.5, output: 15, cacheRead: 0.25 }],
});

const withPeriod = (schedule: PriceSchedule, change: Partial<PricePeriod>): PriceSchedule => ({
  periods: [{ ...schedule.periods[0], ...change }],
});

describe("costOf", () => {
  it("bills every bucket at its own rate", () => {
    const cost = costOf(
      tiered,
      {
        ...emptyUsage,
        inputTokens: 1000,
        cacheReadTokens: 2000,
        cacheWrite5mTokens: 10,
        outputTokens: 7,
      },
      0,
    );
    expect(cost).toBe(1000 * 1_250_000 + 2000 * 125_000 + 10 * 1_562_500 + 7 * 10_000_000);
  });

  it("re-prices the whole request one token above the mark, cached tokens counted", () => {
    const at = (inputTokens: number): number =>
      costOf(tiered, { ...emptyUsage, inputTokens, cacheReadTokens: 100_000, outputTokens: 1 }, 0);
    expect(at(100_000)).toBe(100_000 * 1_250_000 + 100_000 * 125_000 + 10_000_000);
    expect(at(100_001)).toBe(100_001 * 2_500_000 + 100_000 * 250_000 + 15_000_000);
  });

  it("re-prices only prompt tokens above the mark where tiers are marginal", () => {
    const marginal = withPeriod(tiered, { tierMode: "marginal" });
    const usage = { ...emptyUsage, cacheReadTokens: 150_000, inputTokens: 60_000, outputTokens: 3 };
    expect(costOf(marginal, usage, 0)).toBe(
      150_000 * 125_000 + 50_000 * 1_250_000 + 10_000 * 2_500_000 + 3 * 10_000_000,
    );
  });

  it("falls back where a schedule is silent", () => {
    const flat = flatSchedule({ input: 1, output: 4, cacheWrite: 2 });
    const one = (bucket: keyof Usage): number => costOf(flat, { ...emptyUsage, [bucket]: 1 }, 0);
    expect(one("cacheReadTokens")).toBe(1_000_000);
    expect(one("cacheWrite1hTokens")).toBe(2_000_000);
    expect(one("reasoningTokens")).toBe(4_000_000);
    expect(one("audioInputTokens")).toBe(1_000_000);
    expect(one("audioCacheReadTokens")).toBe(1_000_000);
    expect(one("imageOutputTokens")).toBe(4_000_000);
  });

  it("bills cached audio as audio where only audio has a rate of its own", () => {
    const flat = flatSchedule({ input: 1, output: 4, cacheRead: 0.1 });
    const rates = { ...flat.periods[0].rates, audioInputPicoUsd: 3_000_000 };
    const usage = { ...emptyUsage, audioCacheReadTokens: 2 };
    expect(costOf(withPeriod(flat, { rates }), usage, 0)).toBe(6_000_000);
    expect(costOf(flat, usage, 0)).toBe(200_000);
  });

  it("bills cached images and video at their own rates, else as the vendor's silence is read", () => {
    const flat = flatSchedule({ input: 1, output: 4, cacheRead: 0.1 });
    const own = withPeriod(flat, {
      rates: {
        ...flat.periods[0].rates,
        imageInputPicoUsd: 8_000_000,
        imageCacheReadPicoUsd: 2_000_000,
        videoInputPicoUsd: 12_000_000,
        videoOutputPicoUsd: 17_500_000,
      },
    });
    const one = (schedule: PriceSchedule, bucket: keyof Usage): number =>
      costOf(schedule, { ...emptyUsage, [bucket]: 1 }, 0);
    const buckets = ["imageCacheReadTokens", "videoInputTokens", "videoOutputTokens"] as const;
    expect(buckets.map((bucket) => one(own, bucket))).toEqual([2_000_000, 12_000_000, 17_500_000]);
    expect(buckets.map((bucket) => one(flat, bucket))).toEqual([100_000, 1_000_000, 4_000_000]);
  });

  it("adds fees per request and per hosted search", () => {
    const fees = withPeriod(tiered, {
      requestFeePicoUsd: 5_000_000,
      webSearchPicoUsd: 10_000_000_000,
      fileSearchPicoUsd: 2_500_000_000,
    });
    expect(costOf(fees, { ...emptyUsage, webSearches: 2 }, 0)).toBe(20_005_000_000);
    expect(costOf(fees, { ...emptyUsage, fileSearches: 2 }, 0)).toBe(5_005_000_000);
    expect(costOf(tiered, { ...emptyUsage, fileSearches: 2 }, 0)).toBe(0);
  });

  it("refuses a total that a number does not hold exactly", () => {
    const flat = flatSchedule({ input: 1, output: 4 });
    const most = Math.floor(Number.MAX_SAFE_INTEGER / 1_000_000);
    const costing = (inputTokens: number): number =>
      costOf(flat, { ...emptyUsage, inputTokens }, 0);
    expect(costing(most)).toBe(most * 1_000_000);
    expect(() => costing(most + 1)).toThrow(RangeError);
    expect(() => costing(Number.NaN)).toThrow(RangeError);
  });

  it.each(["whole_request", "marginal"] as const)(
    "equals exact arithmetic over tokens one by one, at and around every mark (%s)",
    (tierMode) => {
      const marks = [1, 10, 100];
      const steps = flatSchedule({
        input: 1,
        output: 4,
        cacheRead: 0.1,
        tiers: marks.map((abovePromptTokens, index) => ({
          abovePromptTokens,
          input: 2 + index,
          output: 5 + index,
          cacheRead: 0.2 + index,
        })),
      });
      const schedule = withPeriod(steps, { tierMode });
      const [period] = schedule.periods;
      const ratesAt = (place: number): PricePeriod["rates"] =>
        [{ abovePromptTokens: 0, rates: period.rates }, ...period.tiers].findLast(
          ({ abovePromptTokens }) => place > abovePromptTokens,
        )?.rates ?? period.rates;
      for (const prompt of [0, 1, 2, 9, 10, 11, 99, 100, 101, 150]) {
        for (const cached of [0, 1, Math.floor(prompt / 2), prompt]) {
          if (cached > prompt) continue;
          const usage = {
            ...emptyUsage,
            cacheReadTokens: cached,
            inputTokens: prompt - cached,
            outputTokens: 3,
          };
          const answerRates = tierMode === "marginal" ? period.rates : ratesAt(prompt);
          let expected = BigInt(3 * answerRates.outputPicoUsd);
          for (let place = 1; place <= prompt; place++) {
            const rates = ratesAt(tierMode === "marginal" ? place : prompt);
            expected += BigInt(
              place <= cached ? (rates.cacheReadPicoUsd ?? Number.NaN) : rates.inputPicoUsd,
            );
          }
          expect(BigInt(costOf(schedule, usage, 0))).toBe(expected);
        }
      }
    },
  );

  it.each(["whole_request", "marginal"] as const)(
    "is a whole number that grows with every bucket (%s)",
    (tierMode) => {
      const schedule = withPeriod(tiered, { tierMode });
      fc.assert(
        fc.property(usages, fc.constantFrom(...bucketNames), tokens, (usage, bucket, more) => {
          const cost = costOf(schedule, usage, 0);
          expect(Number.isSafeInteger(cost)).toBe(true);
          const grown = { ...usage, [bucket]: (usage[bucket] ?? 0) + more };
          expect(costOf(schedule, grown, 0)).toBeGreaterThanOrEqual(cost);
        }),
      );
    },
  );

  it("is additive within a tier", () => {
    const flat = flatSchedule({ input: 1.25, output: 10, cacheRead: 0.125 });
    fc.assert(
      fc.property(usages, usages, (a, b) => {
        const sum = { ...a };
        for (const bucket of bucketNames) sum[bucket] = (a[bucket] ?? 0) + (b[bucket] ?? 0);
        expect(costOf(flat, sum, 0)).toBe(costOf(flat, a, 0) + costOf(flat, b, 0));
      }),
    );
  });

  it("never makes a cached token dearer than a plain one where reads are cheaper", () => {
    fc.assert(
      fc.property(usages, (usage) => {
        const uncached = {
          ...usage,
          cacheReadTokens: 0,
          inputTokens: usage.inputTokens + usage.cacheReadTokens,
        };
        expect(costOf(tiered, uncached, 0)).toBeGreaterThanOrEqual(costOf(tiered, usage, 0));
      }),
    );
  });
});

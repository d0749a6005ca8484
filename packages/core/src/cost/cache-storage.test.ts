import { describe, expect, it } from "vitest";
import { cacheStorageCostOf } from "./cache-storage.ts";
import { flatSchedule } from "./flat-schedule.ts";
import type { PriceSchedule } from "./price-schedule.ts";

const HOUR_MS = 3_600_000;
const [period] = flatSchedule({ input: 1, output: 4 }).periods;
const schedule: PriceSchedule = {
  periods: [{ ...period, cacheStoragePicoUsdPerTokenHour: 4_500_000 }],
};
const stored = (tokens: number, ms: number): number =>
  cacheStorageCostOf(schedule, { tokens, fromMs: HOUR_MS, untilMs: HOUR_MS + ms });

describe("cacheStorageCostOf", () => {
  it("bills tokens and hours, part hours in proportion and rounded up", () => {
    expect(stored(1_000_000, HOUR_MS)).toBe(4_500_000_000_000);
    expect(stored(1_000_000, HOUR_MS / 2)).toBe(2_250_000_000_000);
    expect(stored(1, 1)).toBe(2); // 1.25 pico-USD
    expect(stored(0, HOUR_MS)).toBe(0);
  });

  it("refuses what a number does not hold", () => {
    expect(() => stored(1e9, 3 * HOUR_MS)).toThrow(RangeError);
    expect(() => stored(0.5, HOUR_MS)).toThrow(RangeError);
  });
});

import { exactPicoUsd } from "./exact.ts";
import { periodAt } from "./price-period.ts";
import type { PriceSchedule } from "./price-schedule.ts";

const HOUR_MS = 3_600_000n;

/** Cached tokens kept over some time. */
export type CacheStorage = {
  readonly tokens: number;
  /** Unix ms. */
  readonly fromMs: number;
  /** Unix ms, not before `fromMs`. */
  readonly untilMs: number;
};

/**
 * What keeping tokens in a cache costs, pico-USD, at the rate that holds when storage begins; part
 * hours count by the millisecond, a part of a pico-dollar as a whole one.
 *
 * @throws RangeError if a figure is no whole number, or the result passes 2^53 - 1
 */
export const cacheStorageCostOf = (schedule: PriceSchedule, storage: CacheStorage): number => {
  const rate = periodAt(schedule, storage.fromMs).cacheStoragePicoUsdPerTokenHour;
  const tokenMs = BigInt(storage.tokens) * BigInt(storage.untilMs - storage.fromMs);
  return exactPicoUsd(Number((BigInt(rate) * tokenMs + HOUR_MS - 1n) / HOUR_MS));
};

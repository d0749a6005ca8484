import { periodAt } from "./price-period.ts";
import type { PriceSchedule } from "./price-schedule.ts";
import { usdPerMtokFromPico } from "./usd.ts";

/** Mean of list input and output price at `atMs`, USD per million tokens; tiers and caches do not count. */
export const meanListPriceUsdPer1m = (schedule: PriceSchedule, atMs: number): number => {
  const { rates } = periodAt(schedule, atMs);
  return usdPerMtokFromPico((rates.inputPicoUsd + rates.outputPicoUsd) / 2);
};

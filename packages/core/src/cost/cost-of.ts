import { exactPicoUsd } from "./exact.ts";
import { promptTokensOf } from "../usage/usage.ts";
import type { Usage } from "../usage/usage.ts";
import {
  audioOutputRate,
  imageOutputRate,
  reasoningRate,
  videoOutputRate,
} from "./billed-rates.ts";
import { periodAt, tierFor } from "./price-period.ts";
import type { PriceSchedule, Rates } from "./price-schedule.ts";
import { marginalPromptCost, wholePromptCost } from "./prompt-cost.ts";

const outputCost = (usage: Usage, rates: Rates): number =>
  usage.outputTokens * rates.outputPicoUsd +
  usage.reasoningTokens * reasoningRate(rates) +
  (usage.audioOutputTokens ?? 0) * audioOutputRate(rates) +
  (usage.imageOutputTokens ?? 0) * imageOutputRate(rates) +
  (usage.videoOutputTokens ?? 0) * videoOutputRate(rates);

/**
 * What one call costs, in pico-USD (10^-12 USD): exact, and a whole number for whole token counts.
 *
 * The whole prompt, cached tokens included, decides the tier. `whole_request` tiers re-price prompt
 * and answer; `marginal` ones only the prompt tokens above their mark, counted from the cached front,
 * while the answer keeps the base rates. Fees per request and per hosted search are added; storage
 * of cached tokens is billed by the hour and not part of a request (`cacheStorageCostOf`).
 *
 * @throws RangeError if the total passes 2^53 - 1 pico-USD (about 9,007 USD), where numbers are no
 *   longer exact; no term is negative, so a total below it was exact at every step.
 */
export const costOf = (schedule: PriceSchedule, usage: Usage, atMs: number): number => {
  const period = periodAt(schedule, atMs);
  const marginal = period.tierMode === "marginal";
  const rates = marginal
    ? period.rates
    : (tierFor(period, promptTokensOf(usage))?.rates ?? period.rates);
  return exactPicoUsd(
    period.requestFeePicoUsd +
      (usage.webSearches ?? 0) * period.webSearchPicoUsd +
      (usage.fileSearches ?? 0) * (period.fileSearchPicoUsd ?? 0) +
      (marginal ? marginalPromptCost(usage, period) : wholePromptCost(usage, rates)) +
      outputCost(usage, rates),
  );
};

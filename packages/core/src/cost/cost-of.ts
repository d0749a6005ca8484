import { promptTokensOf } from "../usage/usage.ts";
import type { Usage } from "../usage/usage.ts";
import {
  audioCacheReadRate,
  audioInputRate,
  audioOutputRate,
  cacheReadRate,
  cacheWrite1hRate,
  cacheWrite5mRate,
  imageInputRate,
  imageOutputRate,
  reasoningRate,
} from "./billed-rates.ts";
import { periodAt, tierFor } from "./price-period.ts";
import type { PricePeriod, PriceSchedule, Rates } from "./price-schedule.ts";

/** Prompt buckets in the order in which they stand in a prompt: a cache holds the front of it. */
type PromptBuckets = readonly (readonly [tokens: number, rateOf: (rates: Rates) => number])[];

const promptBucketsOf = (usage: Usage): PromptBuckets => [
  [usage.cacheReadTokens, cacheReadRate],
  [usage.audioCacheReadTokens ?? 0, audioCacheReadRate],
  [usage.cacheWrite1hTokens, cacheWrite1hRate],
  [usage.cacheWrite5mTokens, cacheWrite5mRate],
  [usage.inputTokens, (rates) => rates.inputPicoUsd],
  [usage.audioInputTokens ?? 0, audioInputRate],
  [usage.imageInputTokens ?? 0, imageInputRate],
];

const wholePromptCost = (buckets: PromptBuckets, rates: Rates): number => {
  let cost = 0;
  for (const [tokens, rateOf] of buckets) if (tokens > 0) cost += tokens * rateOf(rates);
  return cost;
};

/** Each token at the rates of the tier its place in the prompt falls into. */
const marginalPromptCost = (buckets: PromptBuckets, period: PricePeriod): number => {
  let cost = 0;
  let start = 0;
  for (const [tokens, rateOf] of buckets) {
    const end = start + tokens;
    let mark = 0;
    let rates = period.rates;
    for (const tier of period.tiers) {
      cost +=
        Math.max(0, Math.min(end, tier.abovePromptTokens) - Math.max(start, mark)) * rateOf(rates);
      mark = tier.abovePromptTokens;
      rates = tier.rates;
    }
    cost += Math.max(0, end - Math.max(start, mark)) * rateOf(rates);
    start = end;
  }
  return cost;
};

const outputCost = (usage: Usage, rates: Rates): number =>
  usage.outputTokens * rates.outputPicoUsd +
  usage.reasoningTokens * reasoningRate(rates) +
  (usage.audioOutputTokens ?? 0) * audioOutputRate(rates) +
  (usage.imageOutputTokens ?? 0) * imageOutputRate(rates);

/**
 * What one call costs, in pico-USD (10^-12 USD); a whole number for whole token counts, exact below
 * 2^53 (about 9,007 USD).
 *
 * The whole prompt, cached tokens included, decides the tier. `whole_request` tiers re-price prompt
 * and answer; `marginal` ones only the prompt tokens above their mark, counted from the cached front,
 * while the answer keeps the base rates. Fees per request and per web search are added; storage of
 * cached tokens is billed by the hour and not part of a request.
 */
export const costOf = (schedule: PriceSchedule, usage: Usage, atMs: number): number => {
  const period = periodAt(schedule, atMs);
  const fees = period.requestFeePicoUsd + (usage.webSearches ?? 0) * period.webSearchPicoUsd;
  const buckets = promptBucketsOf(usage);
  if (period.tierMode === "marginal") {
    return fees + marginalPromptCost(buckets, period) + outputCost(usage, period.rates);
  }
  const rates = tierFor(period, promptTokensOf(usage))?.rates ?? period.rates;
  return fees + wholePromptCost(buckets, rates) + outputCost(usage, rates);
};

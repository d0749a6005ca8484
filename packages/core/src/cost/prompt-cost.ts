import { promptTokensOf } from "../usage/usage.ts";
import type { Usage } from "../usage/usage.ts";
import {
  audioCacheReadRate,
  audioInputRate,
  cacheReadRate,
  cacheWrite1hRate,
  cacheWrite5mRate,
  imageCacheReadRate,
  imageInputRate,
  videoInputRate,
} from "./billed-rates.ts";
import type { PricePeriod, Rates } from "./price-schedule.ts";

/** Every prompt token at the same set of rates, pico-USD. Allocates nothing. */
export const wholePromptCost = (usage: Usage, rates: Rates): number =>
  usage.inputTokens * rates.inputPicoUsd +
  usage.cacheReadTokens * cacheReadRate(rates) +
  usage.cacheWrite5mTokens * cacheWrite5mRate(rates) +
  usage.cacheWrite1hTokens * cacheWrite1hRate(rates) +
  (usage.audioInputTokens ?? 0) * audioInputRate(rates) +
  (usage.audioCacheReadTokens ?? 0) * audioCacheReadRate(rates) +
  (usage.imageInputTokens ?? 0) * imageInputRate(rates) +
  (usage.imageCacheReadTokens ?? 0) * imageCacheReadRate(rates) +
  (usage.videoInputTokens ?? 0) * videoInputRate(rates);

type PromptBuckets = readonly (readonly [tokens: number, rateOf: (rates: Rates) => number])[];

/** In the order in which they stand in a prompt: a cache holds the front of it. */
const promptBucketsOf = (usage: Usage): PromptBuckets => [
  [usage.cacheReadTokens, cacheReadRate],
  [usage.audioCacheReadTokens ?? 0, audioCacheReadRate],
  [usage.imageCacheReadTokens ?? 0, imageCacheReadRate],
  [usage.cacheWrite1hTokens, cacheWrite1hRate],
  [usage.cacheWrite5mTokens, cacheWrite5mRate],
  [usage.inputTokens, (rates) => rates.inputPicoUsd],
  [usage.audioInputTokens ?? 0, audioInputRate],
  [usage.imageInputTokens ?? 0, imageInputRate],
  [usage.videoInputTokens ?? 0, videoInputRate],
];

/** Each prompt token at the rates of the tier its place in the prompt falls into, pico-USD. */
export const marginalPromptCost = (usage: Usage, period: PricePeriod): number => {
  const [firstTier] = period.tiers;
  if (firstTier === undefined || promptTokensOf(usage) <= firstTier.abovePromptTokens) {
    return wholePromptCost(usage, period.rates);
  }
  let cost = 0;
  let start = 0;
  for (const [tokens, rateOf] of promptBucketsOf(usage)) {
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

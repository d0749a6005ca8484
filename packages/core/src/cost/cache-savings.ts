import type { Usage } from "../usage/usage.ts";
import { costOf } from "./cost-of.ts";
import type { PriceSchedule } from "./price-schedule.ts";

/** What a cache saved on one call, net of what its writes cost on top. */
export type CacheSavings = {
  readonly picoUsd: number;
  /** Of the cost without a cache, whole number, 0–100. */
  readonly percent: number;
};

/** The same usage without a cache minus what it costs; `null` if nothing was saved. */
export const cacheSavingsOf = (
  schedule: PriceSchedule,
  usage: Usage,
  atMs: number,
): CacheSavings | null => {
  const uncached: Usage = {
    ...usage,
    inputTokens:
      usage.inputTokens +
      usage.cacheReadTokens +
      usage.cacheWrite5mTokens +
      usage.cacheWrite1hTokens,
    cacheReadTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    audioInputTokens: (usage.audioInputTokens ?? 0) + (usage.audioCacheReadTokens ?? 0),
    audioCacheReadTokens: 0,
    imageInputTokens: (usage.imageInputTokens ?? 0) + (usage.imageCacheReadTokens ?? 0),
    imageCacheReadTokens: 0,
  };
  const without = costOf(schedule, uncached, atMs);
  const picoUsd = without - costOf(schedule, usage, atMs);
  return picoUsd > 0 ? { picoUsd, percent: Math.round((picoUsd / without) * 100) } : null;
};

import { emptyUsage, usageBuckets } from "@pointsman/core";
import type { PriceSchedule, Usage } from "@pointsman/core";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Days on which windows of the day are probed, and instants that no schedule mentions. */
const days = ["2025-01-15", "2026-07-10", "2026-09-24", "2027-02-02"].map((day) => Date.parse(day));

/** Every instant at which a schedule changes and the millisecond before, and some between. */
export const instantsOf = (schedule: PriceSchedule): readonly number[] => {
  const instants = new Set(days.map((day) => day + 5 * 60 * MINUTE_MS));
  for (const { fromMs, dayWindows } of schedule.periods) {
    if (fromMs !== null) instants.add(fromMs).add(fromMs - 1);
    for (const { fromMinute, toMinute } of dayWindows) {
      for (const day of [...days, ...(fromMs === null ? [] : [fromMs - DAY_MS, fromMs])]) {
        for (const minute of [fromMinute, toMinute]) {
          instants.add(day + minute * MINUTE_MS).add(day + minute * MINUTE_MS - 1);
        }
      }
    }
  }
  return [...instants];
};

/** The prompt's tokens spread over buckets in several ways. */
const promptsOf = (tokens: number): readonly Usage[] => {
  const half = Math.floor(tokens / 2);
  const tenth = Math.floor(tokens / 10);
  const rest = tokens - 8 * tenth;
  return [
    { ...emptyUsage, inputTokens: tokens, outputTokens: 7 },
    { ...emptyUsage, inputTokens: tokens - half, cacheReadTokens: half, reasoningTokens: 11 },
    { ...emptyUsage, cacheWrite5mTokens: half, cacheWrite1hTokens: tokens - half, outputTokens: 3 },
    {
      inputTokens: rest,
      cacheReadTokens: tenth,
      cacheWrite5mTokens: tenth,
      cacheWrite1hTokens: tenth,
      audioInputTokens: tenth,
      audioCacheReadTokens: tenth,
      imageInputTokens: tenth,
      imageCacheReadTokens: tenth,
      videoInputTokens: tenth,
      outputTokens: 1,
      reasoningTokens: 2,
      audioOutputTokens: 3,
      imageOutputTokens: 5,
      videoOutputTokens: 7,
      webSearches: 2,
      fileSearches: 3,
    },
  ];
};

/** Mulberry32: numbers in [0, 1) from a seed. */
const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const outputBuckets: ReadonlySet<keyof Usage> = new Set([
  "outputTokens",
  "reasoningTokens",
  "audioOutputTokens",
  "imageOutputTokens",
  "videoOutputTokens",
]);

const randomUsage = (next: () => number): Usage => {
  const usage: { -readonly [Bucket in keyof Usage]: Usage[Bucket] } = { ...emptyUsage };
  for (const bucket of usageBuckets) {
    if (next() < 0.4) continue;
    const most = bucket.endsWith("Searches") ? 9 : outputBuckets.has(bucket) ? 9_999 : 79_999;
    // Small counts as often as large ones.
    usage[bucket] = Math.floor(most ** next());
  }
  return usage;
};

/**
 * Usages for a schedule: nothing, one token of each bucket, prompts at every tier's mark and one
 * beside it, and `random` more from the seed.
 */
export const usagesOf = (
  schedule: PriceSchedule,
  options: { readonly random: number; readonly seed: number },
): readonly Usage[] => {
  const marks = new Set<number>([0, 1000]);
  for (const { tiers } of schedule.periods) {
    for (const { abovePromptTokens: mark } of tiers)
      marks
        .add(mark - 1)
        .add(mark)
        .add(mark + 1);
  }
  const next = seeded(options.seed);
  return [
    ...usageBuckets.map((bucket) => ({ ...emptyUsage, [bucket]: 1 })),
    ...[...marks].flatMap(promptsOf),
    ...Array.from({ length: options.random }, () => randomUsage(next)),
  ];
};

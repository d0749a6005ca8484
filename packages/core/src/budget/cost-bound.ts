import { costOf } from "../cost/cost-of.ts";
import { periodAt } from "../cost/price-period.ts";
import type { PriceSchedule } from "../cost/price-schedule.ts";
import { emptyUsage } from "../usage/usage.ts";
import type { Usage } from "../usage/usage.ts";

/** What a call can cost at most, pico-USD. */
export type CostBound = {
  /** The whole prompt and the request's fees. */
  readonly promptPicoUsd: number;
  /** Every token of output. */
  readonly outputTokenPicoUsd: number;
};

export type CostBoundQuestion = {
  /** Upper bound of the prompt in tokens. */
  readonly promptTokens: number;
  /** Unix ms. */
  readonly atMs: number;
  /**
   * Buckets that the prompt's tokens may be billed in.
   *
   * @default ["inputTokens", "cacheWrite5mTokens"], since a provider may write all of it to a cache
   */
  readonly promptBuckets?: readonly (keyof Usage)[];
  /** Buckets that output may be billed in. @default ["outputTokens", "reasoningTokens"] */
  readonly outputBuckets?: readonly (keyof Usage)[];
};

const defaultPromptBuckets = ["inputTokens", "cacheWrite5mTokens"] as const;
const defaultOutputBuckets = ["outputTokens", "reasoningTokens"] as const;

/**
 * The most that a call with a prompt of at most so many tokens can cost: all of the prompt in its
 * dearest bucket, at the dearest tier that a prompt up to that length can fall into.
 *
 * @throws RangeError as `costOf`
 */
export const costBoundOf = (schedule: PriceSchedule, question: CostBoundQuestion): CostBound => {
  const { promptTokens, atMs } = question;
  const promptBuckets = question.promptBuckets ?? defaultPromptBuckets;
  const outputBuckets = question.outputBuckets ?? defaultOutputBuckets;
  let promptPicoUsd = 0;
  let outputTokenPicoUsd = 0;
  // A shorter prompt can be dearer only where a longer one reaches a cheaper tier: try the marks, too.
  const lengths = [
    promptTokens,
    ...periodAt(schedule, atMs)
      .tiers.map(({ abovePromptTokens }) => abovePromptTokens)
      .filter((mark) => mark < promptTokens),
  ];
  for (const length of lengths) {
    for (const promptBucket of promptBuckets) {
      const prompt: Usage = { ...emptyUsage, [promptBucket]: length };
      const promptCost = costOf(schedule, prompt, atMs);
      promptPicoUsd = Math.max(promptPicoUsd, promptCost);
      for (const outputBucket of outputBuckets) {
        const more = { ...prompt, [outputBucket]: 1 };
        outputTokenPicoUsd = Math.max(
          outputTokenPicoUsd,
          costOf(schedule, more, atMs) - promptCost,
        );
      }
    }
  }
  return { promptPicoUsd, outputTokenPicoUsd };
};

/**
 * What to set aside for a prompt and so many tokens of output, pico-USD, at most 2^53 - 1. The least
 * with which a call can begin is that of one token.
 */
export const holdOf = (bound: CostBound, outputTokens: number): number =>
  Math.min(
    Number.MAX_SAFE_INTEGER,
    bound.promptPicoUsd + Math.ceil(outputTokens) * bound.outputTokenPicoUsd,
  );

/**
 * How many tokens of output a remaining amount can pay after the prompt; below 1 the call cannot
 * begin. Output that costs nothing is limited by 2^53 - 1 only.
 */
export const affordableOutputTokens = (remainingPicoUsd: bigint, bound: CostBound): number => {
  const left = remainingPicoUsd - BigInt(bound.promptPicoUsd);
  if (left < 0n) return 0;
  if (bound.outputTokenPicoUsd === 0) return Number.MAX_SAFE_INTEGER;
  const tokens = left / BigInt(bound.outputTokenPicoUsd);
  return tokens > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(tokens);
};

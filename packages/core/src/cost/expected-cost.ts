import type { OutputEstimate } from "../tokens/output-tokens.ts";
import type { PromptEstimate } from "../tokens/prompt-tokens.ts";
import { emptyUsage } from "../usage/usage.ts";
import { costOf } from "./cost-of.ts";
import type { PriceSchedule } from "./price-schedule.ts";

/** Costs of one request at one offering before it is sent, pico-USD. */
export type ExpectedCost = {
  readonly meanPicoUsd: number;
  /** At the 0.95 quantile of the answer's length. */
  readonly p95PicoUsd: number;
  /** Upper bound of the prompt's cost plus the 0.95 quantile of the answer's. */
  readonly holdPicoUsd: number;
};

/** Expected cost of this request alone at a price schedule, nothing of the prompt being cached. */
export const expectedCost = (
  schedule: PriceSchedule,
  request: {
    readonly prompt: PromptEstimate;
    readonly output: OutputEstimate;
    readonly atMs: number;
  },
): ExpectedCost => {
  const { prompt, output, atMs } = request;
  const plain = (inputTokens: number, outputTokens: number): number =>
    costOf(schedule, { ...emptyUsage, inputTokens, outputTokens }, atMs);
  // A provider may bill the whole prompt as a cache write, which can be dearer than plain input.
  const written = costOf(
    schedule,
    { ...emptyUsage, cacheWrite5mTokens: prompt.tokensHigh, outputTokens: output.p95 },
    atMs,
  );
  const p95PicoUsd = plain(prompt.tokens, output.p95);
  return {
    meanPicoUsd: plain(prompt.tokens, output.mean),
    p95PicoUsd,
    holdPicoUsd: Math.max(p95PicoUsd, plain(prompt.tokensHigh, output.p95), written),
  };
};

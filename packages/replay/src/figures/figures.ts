import { priceOf, scheduleOf } from "@pointsman/simulator";
import type { ReplayWorld } from "@pointsman/simulator";
import type { Prediction, RequestRecord, Tally } from "../drive/tally.ts";
import { distributionOf } from "./distribution.ts";
import type { Distribution } from "./distribution.ts";

/** How predictions compare with what came: mean signed and mean absolute difference, own unit. */
export type PredictionError = {
  readonly count: number;
  readonly bias: number;
  readonly mean_error: number;
};

/** The figures of section 4 of the replay protocol, under its names. */
export type Figures = {
  readonly requests: number;
  readonly attempts: number;
  readonly usd: number;
  /** With twice its price at the dearest provider for each failed request. */
  readonly usd_adj: number;
  /** Share of all prompt tokens that was read from caches. */
  readonly cached_share: number;
  readonly fail_rate: number;
  /** From arrival over all attempts, ms; a failed request counts 60 s. */
  readonly ttft_ms: Distribution;
  readonly total_ms: Distribution;
  /** Share of requests over the SLO, or failed. */
  readonly slo_miss: number;
  /** What the goal `balanced` minimises, USD. */
  readonly j: number;
  readonly lower_bound_usd: number;
  readonly x_bound: number;
  /** Attempts by provider, most first. */
  readonly attempts_by_provider: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
  readonly predicted_cost_usd: PredictionError;
  readonly predicted_ttft_ms: PredictionError;
};

const FAILED_MS = 60_000;

const predictionError = (predictions: readonly Prediction[]): PredictionError => {
  const count = predictions.length;
  const differences = predictions.map(({ predicted, actual }) => predicted - actual);
  const mean = (values: readonly number[]): number =>
    count === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / count;
  return { count, bias: mean(differences), mean_error: mean(differences.map(Math.abs)) };
};

const mostFirst = (counts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));

/** Twice the prices, at each one's dearest provider, of the requests that failed; USD. */
const failurePenaltyUsd = (records: readonly RequestRecord[], world: ReplayWorld): number => {
  const schedules = world.providers.map((provider) => scheduleOf(provider));
  let picoUsd = 0n;
  for (const { provider, request } of records) {
    if (provider !== null) continue;
    const { inTokens, outTokens } = request;
    const call = { inTokens, outTokens, cachedTokens: 0, writtenTokens: 0, written1hTokens: 0 };
    picoUsd += 2n * BigInt(Math.max(...schedules.map((schedule) => priceOf(schedule, call))));
  }
  return Number(picoUsd) / 1e12;
};

/** Figures of one replay; `lowerBoundUsd` is that of its trace and world. */
export const figuresOf = (tally: Tally, world: ReplayWorld, lowerBoundUsd: number): Figures => {
  const { records } = tally;
  const requests = records.length;
  const ttftMs = records.map((record) => record.ttftMs ?? FAILED_MS);
  const totalMs = records.map((record) => record.totalMs ?? FAILED_MS);
  const usd = Number(tally.costPicoUsd) / 1e12;
  const usdAdjusted = usd + failurePenaltyUsd(records, world);
  const inTokens = records.reduce((sum, { request }) => sum + request.inTokens, 0);
  const { ttft_ms: sloMs, ttft_ms_per_1k_in: sloMsPer1k } = world.slo;
  const misses = records.filter(
    (record) =>
      record.ttftMs === null ||
      record.ttftMs > sloMs + (sloMsPer1k * record.request.inTokens) / 1000,
  ).length;
  const share = (count: number, of: number): number => (of === 0 ? 0 : count / of);
  const ttftSeconds = ttftMs.reduce((sum, ms) => sum + ms, 0) / 1000;
  return {
    requests,
    attempts: tally.attempts,
    usd,
    usd_adj: usdAdjusted,
    cached_share: share(tally.cachedTokens, inTokens),
    fail_rate: share(records.filter(({ provider }) => provider === null).length, requests),
    ttft_ms: distributionOf(ttftMs),
    total_ms: distributionOf(totalMs),
    slo_miss: share(misses, requests),
    j: usdAdjusted + world.usd_per_s * ttftSeconds,
    lower_bound_usd: lowerBoundUsd,
    x_bound: share(usdAdjusted, lowerBoundUsd),
    attempts_by_provider: mostFirst(tally.attemptsByProvider),
    errors: mostFirst(tally.errors),
    predicted_cost_usd: predictionError(tally.costPredictions),
    predicted_ttft_ms: predictionError(tally.ttftPredictions),
  };
};

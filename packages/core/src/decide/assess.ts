import { expectedCost } from "../cost/expected-cost.ts";
import type { ExpectedCost } from "../cost/expected-cost.ts";
import { PICO_PER_USD } from "../cost/usd.ts";
import { successOddsOf } from "../health/offering-health.ts";
import { expectedLatency } from "../latency/latency-fit.ts";
import type { ExpectedLatency } from "../latency/latency-fit.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { RouterState, Track } from "../state/router-state.ts";
import type { Terms } from "../strategy/rank.ts";
import { estimateOutputTokens } from "../tokens/output-tokens.ts";
import type { OutputEstimate } from "../tokens/output-tokens.ts";
import type { PromptEstimate } from "../tokens/prompt-tokens.ts";

/** The parts of a cost term, pico-USD before the odds of success. */
export type CostParts = {
  /** Expected cost of this request alone. */
  readonly nowPicoUsd: number;
  /** What its choice means for the conversation's later turns. */
  readonly toGoPicoUsd: number;
  /** Value of the time it takes. */
  readonly timePicoUsd: number;
};

/** Everything that is expected of one offering for one request. */
export type Assessment = {
  readonly id: string;
  readonly track: Track;
  readonly prompt: PromptEstimate;
  readonly output: OutputEstimate;
  readonly latency: ExpectedLatency;
  readonly cost: ExpectedCost | null;
  readonly costParts: CostParts | null;
  readonly successOdds: number;
  readonly terms: Terms;
};

/** What an assessment needs besides the offering. */
export type AssessContext = {
  readonly state: RouterState;
  readonly request: RoutingRequest;
  readonly nowMs: number;
  readonly promptAt: (model: string) => PromptEstimate;
};

/** Waiting time of the caller: to the first content of a stream, to the end of anything else. */
const secondsOf = (stream: boolean, latency: ExpectedLatency, outputTokens: number): number =>
  (latency.ttftMs + (stream ? 0 : outputTokens * latency.msPerToken)) / 1000;

/**
 * Expectations and terms. Terms are what an answer costs and takes *per success*: each value divided
 * by the odds that the attempt succeeds.
 */
export const assess = (track: Track, context: AssessContext): Assessment => {
  const { state, request, nowMs } = context;
  const { offering } = track;
  const prompt = context.promptAt(offering.model);
  const output = estimateOutputTokens(state, {
    workspace: request.workspace,
    model: offering.model,
    maxOutputTokens: request.maxOutputTokens,
    cap: offering.maxOutputTokens,
  });
  const latency = expectedLatency(track.latency, track.latencyPrior, prompt.tokens);
  const successOdds = successOddsOf(track.health, nowMs);
  const cost =
    offering.price === null ? null : expectedCost(offering.price, { prompt, output, atMs: nowMs });
  const valueOfTimePicoUsd = (request.valueOfTimeUsdPerSecond ?? 0) * PICO_PER_USD;
  const costParts = cost && {
    nowPicoUsd: cost.meanPicoUsd,
    toGoPicoUsd: 0,
    timePicoUsd: valueOfTimePicoUsd * secondsOf(request.stream, latency, output.mean),
  };
  const ttftMs = request.ttftPercentile === "p95" ? latency.ttftP95Ms : latency.ttftMs;
  const msPerToken =
    request.throughputPercentile === "p95" ? latency.msPerTokenP95 : latency.msPerToken;
  return {
    id: offering.id,
    track,
    prompt,
    output,
    latency,
    cost,
    costParts,
    successOdds,
    terms: {
      cost:
        costParts === null
          ? Infinity
          : (costParts.nowPicoUsd + costParts.toGoPicoUsd + costParts.timePicoUsd) / successOdds,
      ttft: ttftMs / successOdds,
      throughput: msPerToken / successOdds,
    },
  };
};

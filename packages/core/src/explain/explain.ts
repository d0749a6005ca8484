import { usdFromPico } from "../cost/usd.ts";
import { decisionOf, MOST_CANDIDATES } from "../decide/decide.ts";
import { evaluate } from "../decide/evaluate.ts";
import type { DecideOptions, Placed } from "../decide/evaluate.ts";
import { breakerStateAt } from "../health/breaker.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { RouterState } from "../state/router-state.ts";
import type { Dimension, ResolvedStrategy } from "../strategy/resolve-strategy.ts";
import type {
  ExplainedCandidate,
  ExplainedRejection,
  ExplainedTerm,
  Explanation,
} from "./explanation.ts";
import { reasonsFor } from "./reasons.ts";

const usdOrNull = (picoUsd: number | undefined): number | null =>
  picoUsd === undefined || picoUsd === Infinity ? null : usdFromPico(picoUsd);

const explainedCandidate = (
  placed: Placed,
  rank: number,
  context: {
    readonly request: RoutingRequest;
    readonly strategy: ResolvedStrategy;
    readonly nowMs: number;
  },
): ExplainedCandidate => {
  const { strategy, nowMs } = context;
  const { track, credential } = placed.account;
  const { offering } = track;
  const { ratios, score, item } = placed.ranked;
  const { latency, cost, costParts, terms } = item;
  const term = (dimension: Dimension, value: number | null): ExplainedTerm => ({
    value,
    weight: strategy.weights[dimension],
    contribution: strategy.weights[dimension] * ratios[dimension],
  });
  return {
    rank,
    offeringId: offering.id,
    provider: offering.provider,
    providerModelId: offering.providerModelId,
    model: offering.model,
    tier: offering.tier,
    credential: credential.owner,
    credentialId: credential.id,
    score,
    terms: {
      cost: {
        ...term("cost", usdOrNull(terms.cost)),
        now: usdOrNull(costParts?.nowPicoUsd),
        toGo: usdOrNull(costParts?.toGoPicoUsd),
        time: usdOrNull(costParts?.timePicoUsd),
      },
      ttft: term("ttft", terms.ttft),
      throughput: term("throughput", 1000 / terms.throughput),
    },
    expected: {
      costUsd: usdOrNull(cost?.meanPicoUsd),
      costUsdP95: usdOrNull(cost?.p95PicoUsd),
      ttftMs: latency.ttftMs,
      ttftMsP95: latency.ttftP95Ms,
      throughputTps: 1000 / latency.msPerToken,
      throughputTpsP95: 1000 / latency.msPerTokenP95,
      cachedTokens: 0,
      cacheHitProbability: 0,
      cacheWriteTokens: 0,
      successProbability: item.successOdds,
    },
    observations: track.latency.observations,
    state: breakerStateAt(track.health.breaker, nowMs),
    reasons: reasonsFor(placed, context),
  };
};

/**
 * The same decision as `decide`, with the terms of every candidate, and with every offering and
 * account of the request's models that is none.
 *
 * @throws RangeError if custom weights are no weights.
 */
export const explain = (
  state: RouterState,
  request: RoutingRequest,
  options: DecideOptions,
): Explanation => {
  const rejected: ExplainedRejection[] = [];
  const evaluation = evaluate(state, request, options, ({ track, credential }, reason) => {
    const { id, provider, providerModelId, model } = track.offering;
    rejected.push({
      ...reason,
      offeringId: id,
      provider,
      providerModelId,
      model,
      credentialId: credential?.id ?? null,
    });
  });
  const decision = decisionOf(state, request, options, evaluation);
  const { strategy } = evaluation;
  const context = { request, strategy, nowMs: options.nowMs };
  return {
    decision,
    seed: options.seed,
    snapshotVersion: state.version,
    atMs: options.nowMs,
    strategy: strategy.name,
    weights: strategy.weights,
    constraints: request.constraints,
    prompt: decision.prompt,
    output: decision.output,
    candidates: evaluation.placed
      .slice(0, MOST_CANDIDATES)
      .map((placed, index) => explainedCandidate(placed, index + 1, context)),
    rejected,
  };
};

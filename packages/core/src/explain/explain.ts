import { costOf } from "../cost/cost-of.ts";
import { usdFromPico } from "../cost/usd.ts";
import { forEachPlaced } from "../decide/build-candidates.ts";
import { decisionOf } from "../decide/decide.ts";
import { evaluate } from "../decide/evaluate.ts";
import type { DecideOptions, Evaluation } from "../decide/evaluate.ts";
import { explainRejections } from "../decide/failure.ts";
import { breakerStateAt } from "../health/breaker.ts";
import type { Credential } from "../offering/offering.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { RouterState } from "../state/router-state.ts";
import { costRatio, lastBests, MOST_CANDIDATES } from "../strategy/place.ts";
import type { Dimension } from "../strategy/resolve-strategy.ts";
import { wholeTokens } from "../tokens/output-tokens.ts";
import { emptyUsage } from "../usage/usage.ts";
import type {
  ExplainedCandidate,
  ExplainedRejection,
  ExplainedTerm,
  Explanation,
} from "./explanation.ts";
import { reasonsFor } from "./reasons.ts";

const usdOrNull = (picoUsd: number | undefined): number | null =>
  picoUsd === undefined || picoUsd === Infinity ? null : usdFromPico(picoUsd);

/** Cost at the 0.95 quantile of the answer's length, the prompt as expected; pico-USD. */
const tailCost = (evaluation: Evaluation, k: number): number | undefined => {
  const { state, request, nowMs, scratch: s, groups } = evaluation;
  const i = s.row[k] ?? 0;
  const price = state.learned.rows[i]?.offering.price;
  const group = groups[s.group[k] ?? 0];
  if (price === null || price === undefined || group === undefined) return undefined;
  const cap = Math.min(
    request.maxOutputTokens ?? Infinity,
    state.learned.columns.maxOutput[i] ?? Infinity,
  );
  const at = (outputTokens: number): number =>
    costOf(price, { ...emptyUsage, inputTokens: group.prompt.tokens, outputTokens }, nowMs);
  const longer = at(wholeTokens(group.output.p95, cap)) - at(s.outputTokens[k] ?? 0);
  return (s.now[k] ?? 0) + longer;
};

/** How far each term is from the best, 0–1. */
export const ratiosOf = (
  { scratch: s }: Evaluation,
  k: number,
): Readonly<Record<Dimension, number>> => ({
  cost: costRatio(s.costTerm[k] ?? 0),
  ttft: lastBests().ttft / (s.ttftTerm[k] ?? 1),
  throughput: lastBests().token / (s.tokenTerm[k] ?? 1),
});

const explainedCandidate = (
  evaluation: Evaluation,
  k: number,
  at: { readonly credential: Credential; readonly rank: number },
): ExplainedCandidate | null => {
  const { state, strategy, belief, nowMs, scratch: s } = evaluation;
  const { columns: c, rows } = state.learned;
  const i = s.row[k] ?? 0;
  const track = rows[i];
  if (track === undefined) return null;
  const { offering } = track;
  const { credential, rank } = at;
  const ratios = ratiosOf(evaluation, k);
  const term = (dimension: Dimension, value: number | null): ExplainedTerm => ({
    value,
    weight: strategy.weights[dimension],
    contribution: strategy.weights[dimension] * ratios[dimension],
  });
  const ttftMs = s.ttft[k] ?? 0;
  const msPerToken = c.msPerToken[i] ?? 1;
  const isPriced = s.now[k] !== Infinity;
  const cached = s.cached[k] ?? 0;
  return {
    rank,
    offeringId: offering.id,
    provider: offering.provider,
    providerModelId: offering.providerModelId,
    model: offering.model,
    tier: offering.tier,
    credential: credential.owner,
    credentialId: credential.id,
    score: s.score[k] ?? 0,
    terms: {
      cost: {
        ...term("cost", usdOrNull(s.costTerm[k])),
        now: usdOrNull(s.now[k]),
        toGo: isPriced ? usdOrNull(s.toGo[k]) : null,
        time: isPriced ? usdOrNull(s.time[k]) : null,
      },
      ttft: term("ttft", s.ttftTerm[k] ?? 0),
      throughput: term("throughput", 1000 / (s.tokenTerm[k] ?? 1)),
    },
    expected: {
      costUsd: usdOrNull(s.now[k]),
      costUsdP95: usdOrNull(tailCost(evaluation, k)),
      ttftMs,
      ttftMsP95: ttftMs * (c.ttftTail[i] ?? 1),
      throughputTps: 1000 / msPerToken,
      throughputTpsP95: 1000 / (msPerToken * (c.tokenTail[i] ?? 1)),
      cachedTokens: cached,
      cacheHitProbability: cached > 0 ? (belief.odds[s.slot[k] ?? 0] ?? 0) : 0,
      cacheWriteTokens: s.written[k] ?? 0,
      successProbability: s.odds[k] ?? 1,
    },
    observations: track.latency.observations,
    state: breakerStateAt(track.health.breaker, nowMs),
    reasons: reasonsFor(evaluation, k, { credential, ratios }),
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
  const evaluation = evaluate(state, request, options);
  const decision = decisionOf(evaluation, options);
  const candidates: ExplainedCandidate[] = [];
  // The working columns still hold what the decision was made of.
  forEachPlaced(evaluation, Math.min(evaluation.count, MOST_CANDIDATES), (k, credential) => {
    const explained = explainedCandidate(evaluation, k, {
      credential,
      rank: candidates.length + 1,
    });
    if (explained !== null) candidates.push(explained);
  });
  const rejected: ExplainedRejection[] = [];
  explainRejections(evaluation, ({ track, credential }, reason) => {
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
  const { strategy } = evaluation;
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
    candidates,
    rejected,
  };
};

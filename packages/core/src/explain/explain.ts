import {
  OFFERING_MAX_OUTPUT,
  OFFERING_MS_PER_TOKEN,
  OFFERING_TOKEN_TAIL,
  OFFERING_TTFT_TAIL,
  numberOf,
} from "../state/columns.ts";
import {
  CACHED,
  COST_TERM,
  GROUP,
  NOW,
  ODDS,
  OUTPUT_TOKENS,
  ROW,
  SCORE,
  SLOT,
  TIME,
  TOKEN_TERM,
  TO_GO,
  TTFT,
  TTFT_TERM,
  WRITTEN,
  cell,
} from "../decide/scratch.ts";
import { costOf } from "../cost/cost-of.ts";
import { usdFromPico } from "../cost/usd.ts";
import { forEachPlaced } from "../decide/candidate-numbers.ts";
import { known } from "../state/known.ts";
import { BuiltDecision } from "../decide/built-decision.ts";
import { evaluate } from "../decide/evaluate.ts";
import type { DecideOptions, Evaluation } from "../decide/evaluate.ts";
import { explainRejections } from "../decide/failure.ts";
import { breakerStateAt } from "../health/breaker.ts";
import type { Credential } from "../offering/offering.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { RouterState } from "../state/router-state.ts";
import { MOST_CANDIDATES, ratiosOf } from "../strategy/place.ts";
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
  const { state, nowMs, scratch: s, groups } = evaluation;
  const i = cell(s, k, ROW);
  const { price } = known(state.learned.rows[i]).offering;
  const { prompt, output } = known(groups[cell(s, k, GROUP)]);
  if (price === null) return undefined;
  const cap = Math.min(
    evaluation.maxOutputTokens,
    numberOf(state.learned.columns, i, OFFERING_MAX_OUTPUT),
  );
  const at = (outputTokens: number): number =>
    costOf(price, { ...emptyUsage, inputTokens: prompt.tokens, outputTokens }, nowMs);
  const longer = at(wholeTokens(output.p95, cap)) - at(cell(s, k, OUTPUT_TOKENS));
  return cell(s, k, NOW) + longer;
};

const explainedCandidate = (
  evaluation: Evaluation,
  k: number,
  at: { readonly credential: Credential; readonly rank: number },
): ExplainedCandidate => {
  const { state, strategy, belief, nowMs, scratch: s } = evaluation;
  const { columns: c, rows } = state.learned;
  const i = cell(s, k, ROW);
  const track = known(rows[i]);
  const { offering } = track;
  const { credential, rank } = at;
  const ratios = ratiosOf(evaluation, k);
  const term = (dimension: Dimension, value: number | null): ExplainedTerm => ({
    value,
    weight: strategy.weights[dimension],
    contribution: strategy.weights[dimension] * ratios[dimension],
  });
  const ttftMs = cell(s, k, TTFT);
  const msPerToken = numberOf(c, i, OFFERING_MS_PER_TOKEN);
  const isPriced = cell(s, k, NOW) !== Infinity;
  const cached = cell(s, k, CACHED);
  return {
    rank,
    offeringId: offering.id,
    provider: offering.provider,
    providerModelId: offering.providerModelId,
    model: offering.model,
    tier: offering.tier,
    credential: credential.owner,
    credentialId: credential.id,
    score: cell(s, k, SCORE),
    terms: {
      cost: {
        ...term("cost", usdOrNull(cell(s, k, COST_TERM))),
        now: usdOrNull(cell(s, k, NOW)),
        toGo: isPriced ? usdOrNull(cell(s, k, TO_GO)) : null,
        time: isPriced ? usdOrNull(cell(s, k, TIME)) : null,
      },
      ttft: term("ttft", cell(s, k, TTFT_TERM)),
      throughput: term("throughput", 1000 / cell(s, k, TOKEN_TERM)),
    },
    expected: {
      costUsd: usdOrNull(cell(s, k, NOW)),
      costUsdP95: usdOrNull(tailCost(evaluation, k)),
      ttftMs,
      ttftMsP95: ttftMs * numberOf(c, i, OFFERING_TTFT_TAIL),
      throughputTps: 1000 / msPerToken,
      throughputTpsP95: 1000 / (msPerToken * numberOf(c, i, OFFERING_TOKEN_TAIL)),
      cachedTokens: cached,
      cacheHitProbability: cached > 0 ? (belief.odds[cell(s, k, SLOT)] ?? 0) : 0,
      cacheWriteTokens: cell(s, k, WRITTEN),
      successProbability: cell(s, k, ODDS),
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
  const decision = new BuiltDecision(evaluation, options.seed);
  const candidates: ExplainedCandidate[] = [];
  // The working columns still hold what the decision was made of.
  forEachPlaced(evaluation, Math.min(evaluation.count, MOST_CANDIDATES), (k, credential) => {
    candidates.push(explainedCandidate(evaluation, k, { credential, rank: candidates.length + 1 }));
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

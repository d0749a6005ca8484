import { usdFromPico } from "@pointsman/core";
import type {
  Decision,
  ExplainedCandidate,
  ExplainedRejection,
  ExplainedTerm,
  Explanation,
} from "@pointsman/core";
import type { AnsweredReport } from "../run/run-report.ts";
import { shownOutcome } from "../surfaces/routing-metadata.ts";
import type { Sources } from "./sources.ts";

type Json = Readonly<Record<string, unknown>>;

/** A budget that a call would be held against. */
export type HoldScope = {
  readonly scope_type: string;
  readonly period: string;
  readonly limit_usd: number;
  readonly remaining_usd: number;
};

/** What an explanation is told with. */
export type ExplanationFacts = {
  readonly decisionId: string;
  readonly sources: Sources;
  /** What would be set aside for the first attempt. */
  readonly hold: { readonly usd: number | null; readonly scopes: readonly HoldScope[] };
};

const termOf = ({ value, weight, contribution }: ExplainedTerm) => ({
  value,
  weight,
  contribution,
});

const candidateOf = (candidate: ExplainedCandidate): Json => {
  const { terms, expected } = candidate;
  const { now, toGo, time } = terms.cost;
  return {
    rank: candidate.rank,
    provider: candidate.provider,
    provider_model_id: candidate.providerModelId,
    model_canonical: candidate.model,
    tier: candidate.tier,
    credential: candidate.credential,
    score: candidate.score,
    terms: {
      cost: { ...termOf(terms.cost), now, to_go: toGo, time },
      ttft: termOf(terms.ttft),
      throughput: termOf(terms.throughput),
    },
    expected: {
      cost_usd: expected.costUsd,
      cost_usd_p95: expected.costUsdP95,
      ttft_ms: expected.ttftMs,
      ttft_ms_p95: expected.ttftMsP95,
      throughput_tps: expected.throughputTps,
      throughput_tps_p95: expected.throughputTpsP95,
      cached_tokens: expected.cachedTokens,
      cache_hit_probability: expected.cacheHitProbability,
      cache_write_tokens: expected.cacheWriteTokens,
      success_probability: expected.successProbability,
    },
    observations: candidate.observations,
    state: candidate.state,
    reasons: candidate.reasons,
  };
};

const rejectionOf = (rejection: ExplainedRejection): Json => ({
  provider: rejection.provider,
  provider_model_id: rejection.providerModelId,
  model_canonical: rejection.model,
  code: rejection.code,
  param: rejection.param,
  message: rejection.message,
  ...(rejection.suggestion === undefined ? {} : { suggestion: rejection.suggestion }),
  ...(rejection.retryAfterSeconds === undefined
    ? {}
    : { retry_after_seconds: rejection.retryAfterSeconds }),
});

/** Cache marks as the wire has them; `null` = none. */
export const renderDirective = (directive: Decision["cacheDirective"]): Json | null =>
  directive === null
    ? null
    : {
        breakpoints: directive.breakpoints.map(({ uptoTokens, ttl }) => ({
          upto_tokens: uptoTokens,
          ttl,
        })),
      };

/** An explanation as the wire has it (docs/contract.md §19). */
export const renderExplanation = (explanation: Explanation, facts: ExplanationFacts): Json => {
  const { prompt, output, decision } = explanation;
  return {
    decision_id: facts.decisionId,
    seed: explanation.seed,
    snapshot_version: explanation.snapshotVersion,
    at: new Date(explanation.atMs).toISOString(),
    prompt: {
      tokens: prompt.tokens,
      tokens_low: prompt.tokensLow,
      tokens_high: prompt.tokensHigh,
    },
    output: {
      tokens_mean: output.mean,
      tokens_p50: output.p50,
      tokens_p95: output.p95,
      cap: output.cap,
    },
    constraints: facts.sources,
    candidates: explanation.candidates.map((candidate) => candidateOf(candidate)),
    rejected: explanation.rejected.map((rejection) => rejectionOf(rejection)),
    cache_directive: renderDirective(decision.cacheDirective),
    hold: facts.hold,
  };
};

/** The explanation of a request that was answered, with what its attempts came to. */
export const renderAnswered = (
  { explanation, decision, attempts }: AnsweredReport,
  { decisionId, sources }: Pick<ExplanationFacts, "decisionId" | "sources">,
): Json => {
  if (explanation === null) throw new TypeError("a run that was to be explained is explained");
  const usd = decision.holdPicoUsd === null ? null : usdFromPico(decision.holdPicoUsd);
  return {
    ...renderExplanation(explanation, { decisionId, sources, hold: { usd, scopes: [] } }),
    attempts: attempts.map(({ candidate, outcome, status, durationMs, costPicoUsd }) => ({
      provider: candidate.offering.provider,
      provider_model_id: candidate.offering.providerModelId,
      credential: candidate.credential.owner,
      outcome: shownOutcome(outcome),
      status,
      duration_ms: Math.round(durationMs * 100) / 100,
      cost_usd: usdFromPico(costPicoUsd),
    })),
  };
};

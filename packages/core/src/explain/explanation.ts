import type { Decision, Rejection } from "../decide/decision.ts";
import type { Constraints, StrategyWeights } from "../request/routing-request.ts";
import type { OutputEstimate } from "../tokens/output-tokens.ts";
import type { PromptEstimate } from "../tokens/prompt-tokens.ts";

/** A dimension of the score. `contribution` = weight × ratio to the best; the contributions add up to the score. */
export type ExplainedTerm = {
  /** Odds of success included: USD, ms, or output tokens a second; `null` = unknown. */
  readonly value: number | null;
  readonly weight: number;
  readonly contribution: number;
};

/** The cost term with its parts, USD, odds of success left out; `null` = price unknown. */
export type ExplainedCost = ExplainedTerm & {
  /** Expected cost of this request alone. */
  readonly now: number | null;
  /** Expected cost of the conversation's later turns. */
  readonly toGo: number | null;
  /** Value of the time it takes. */
  readonly time: number | null;
};

export type ExplainedExpectation = {
  readonly costUsd: number | null;
  readonly costUsdP95: number | null;
  readonly ttftMs: number;
  readonly ttftMsP95: number;
  readonly throughputTps: number;
  /** What 95 % of answers are faster than. */
  readonly throughputTpsP95: number;
  readonly cachedTokens: number;
  readonly cacheHitProbability: number;
  readonly cacheWriteTokens: number;
  readonly successProbability: number;
};

export type ExplainedCandidate = {
  /** Order of trial, from 1. */
  readonly rank: number;
  readonly offeringId: string;
  readonly provider: string;
  readonly providerModelId: string;
  readonly model: string;
  readonly tier: string;
  readonly credential: "platform" | "byok";
  readonly credentialId: string;
  readonly score: number;
  readonly terms: {
    readonly cost: ExplainedCost;
    readonly ttft: ExplainedTerm;
    readonly throughput: ExplainedTerm;
  };
  readonly expected: ExplainedExpectation;
  /** Attempts that its speed was learned from. */
  readonly observations: number;
  readonly state: "closed" | "open" | "half_open";
  /** Why it stands where it stands, in plain words. */
  readonly reasons: readonly string[];
};

/** An offering of the request's models that is no candidate, or not on this account. */
export type ExplainedRejection = Rejection & {
  readonly offeringId: string;
  readonly provider: string;
  readonly providerModelId: string;
  readonly model: string;
  /** `null` = rejected whatever the account. */
  readonly credentialId: string | null;
};

/** A decision with everything that led to it; only built on demand. */
export type Explanation = {
  /** Exactly what `decide` returns for the same arguments. */
  readonly decision: Decision;
  readonly seed: number;
  readonly snapshotVersion: number;
  /** Unix ms. */
  readonly atMs: number;
  readonly strategy: Decision["strategy"];
  readonly weights: Required<StrategyWeights>;
  readonly constraints: Constraints;
  readonly prompt: PromptEstimate;
  readonly output: OutputEstimate;
  /** The decision's candidates, in the same order. */
  readonly candidates: readonly ExplainedCandidate[];
  readonly rejected: readonly ExplainedRejection[];
};

import type { Rejection } from "../decide/decision.ts";
import type { Offering } from "../offering/offering.ts";
import type { PromptSize, RoutingRequest } from "../request/routing-request.ts";

/** What a score function is given of one candidate: each dimension with its ratio to the best, 0–1. */
export type ScoreQuestion = {
  readonly offering: Offering;
  readonly request: RoutingRequest;
  /** Whole cost term, pico-USD; `Infinity` = unknown. */
  readonly costPicoUsd: number;
  readonly ttftMs: number;
  readonly msPerToken: number;
  readonly ratios: { readonly cost: number; readonly ttft: number; readonly throughput: number };
};

/** Takes the place of the strategy's weighted sum. Must be pure. */
export interface ScoreFunction {
  /** 0–1, higher is better. */
  score(question: ScoreQuestion): number;
}

/** A constraint of one's own, applied after all others. Must be pure. */
export interface OfferingFilter {
  admits(offering: Offering, request: RoutingRequest): boolean;
  /** Why not, of one that is not admitted. */
  reason(offering: Offering, request: RoutingRequest): Rejection;
}

/** Lengths of answers by other means than core's. Must be pure. */
export interface OutputEstimator {
  /** Tokens, not yet cut at any cap; `null` = core's own estimate. */
  estimate(question: {
    readonly workspace: string;
    readonly model: string;
    /** The request's; `undefined` = none. */
    readonly outputHint: string | undefined;
  }): { readonly mean: number; readonly p50: number; readonly p95: number } | null;
}

/** Exact counts where somebody has them. Must be pure. */
export interface Tokenizer {
  /** Tokens of the whole prompt; `null` = core's own estimate. */
  promptTokens(model: string, prompt: PromptSize): number | null;
}

/** What an embedder may put in place of core's own; an absent one changes nothing. */
export type Plugs = {
  readonly score?: ScoreFunction;
  readonly filter?: OfferingFilter;
  readonly output?: OutputEstimator;
  readonly tokenizer?: Tokenizer;
};

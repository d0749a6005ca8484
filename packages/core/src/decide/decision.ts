import type { Credential, Offering } from "../offering/offering.ts";
import type { StrategyName, StrategyWeights } from "../request/routing-request.ts";
import type { OutputEstimate } from "../tokens/output-tokens.ts";
import type { PromptEstimate } from "../tokens/prompt-tokens.ts";

/** What core expects of a call at one candidate. */
export type Expected = {
  /** Expected cost of this request alone, USD; `null` = price unknown. */
  readonly costUsd: number | null;
  readonly ttftMs: number;
  readonly throughputTps: number;
  /** Prompt tokens expected to be read from a cache. */
  readonly cachedTokens: number;
};

/** An offering with the account it would be called on. */
export type Candidate = {
  readonly offering: Offering;
  readonly credential: Credential;
  /** 0–1, higher is better. */
  readonly score: number;
  readonly expected: Expected;
  /** Its breaker is open or a probe is in flight: a last resort, tried once and not again. */
  readonly resting: boolean;
  /** Upper bound of the prompt's cost + 0.95 quantile of the answer's, pico-USD; `null` = price unknown. */
  readonly holdPicoUsd: number | null;
  /** The cache marks a call there should carry; `null` = none. */
  readonly cacheDirective: CacheDirective | null;
};

/** Where a cache mark is worth its write, for providers with explicit caches. */
export type CacheDirective = {
  readonly breakpoints: readonly { readonly uptoTokens: number; readonly ttl: "5m" | "1h" }[];
};

/** Codes a decision can fail with: the filter that emptied the set (docs/contract.md §6, §27). */
export type RejectionCode =
  | "model_not_found"
  | "model_unavailable"
  | "no_compatible_endpoint"
  | "response_api_only"
  | "no_responses_endpoint"
  | "input_requires_responses_endpoint"
  | "no_provider_available"
  | "rate_limit_exceeded"
  | "byok_keys_required"
  | "platform_keys_unavailable"
  | "provider_not_in_allowlist"
  | "provider_blocked"
  | "tier_opt_in_required"
  | "streaming_not_supported"
  | "tools_not_supported"
  | "no_tools_on_endpoint"
  | "tool_choice_required_not_supported"
  | "json_mode_not_supported"
  | "structured_output_not_supported"
  | "tools_with_structured_output_not_supported"
  | "vision_not_supported"
  | "unsupported_modalities"
  | "reasoning_not_supported"
  | "thinking_disable_not_supported"
  | "hosted_tool_not_supported"
  | "context_length_exceeded"
  | "required_params_not_supported"
  | "cost_constraint_exceeded"
  | "latency_constraint_exceeded"
  | "throughput_constraint_not_met";

/** Why nothing is left, or why one offering is not a candidate. */
export type Rejection = {
  readonly code: RejectionCode | "cooling_down" | "capacity_full";
  /** Path of the request field that decides, `null` if none does. */
  readonly param: string | null;
  readonly message: string;
  /** What would help: a nearest value, an alternative. */
  readonly suggestion?: string;
  /** Seconds after which it may be different, for what rests. */
  readonly retryAfterSeconds?: number;
};

/**
 * The tracks for one request, best first; a value that nothing changes. Candidates and what is told of them
 * are worked out when they are read, and by `JSON.stringify`; a spread (`{ ...decision }`) leaves them out.
 */
export type Decision = {
  readonly stateVersion: number;
  readonly nowMs: number;
  readonly seed: number;
  readonly strategy: StrategyName | "custom";
  /** What the strategy comes to; they add up to one. */
  readonly weights: Required<StrategyWeights>;
  /** Estimated for the first candidate's model, or the request's first model if there is none. */
  readonly prompt: PromptEstimate;
  /** Estimated for the first candidate, or the request's first model if there is none. */
  readonly output: OutputEstimate;
  /** What to reserve for the first candidate, pico-USD; `null` = its price is unknown or there is none. */
  readonly holdPicoUsd: number | null;
  /** In the order they are to be tried, at most 20. Empty exactly if `failure` is set. */
  readonly candidates: readonly Candidate[];
  readonly failure: Rejection | null;
  /** Probability with which the first candidate was chosen. */
  readonly propensity: number;
  /** The first candidate's. */
  readonly cacheDirective: CacheDirective | null;
};

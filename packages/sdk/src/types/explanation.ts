/** How an attempt at a provider ended. */
export type AttemptOutcome =
  | "success"
  | "timeout"
  | "rate_limited"
  | "overloaded"
  | "server_error"
  | "network_error"
  | "auth_error"
  | "model_unavailable"
  | "bad_response"
  | "stream_cut"
  | "content_filtered"
  | "bad_request"
  | "cancelled";

export type CacheDirective = {
  readonly breakpoints: readonly { readonly upto_tokens: number; readonly ttl: string }[];
};

/** A part of a score: the contributions add up to it. */
export type ScoreTerm = {
  /** USD, ms, or output tokens a second; `null` = unknown. */
  readonly value: number | null;
  readonly weight: number;
  readonly contribution: number;
};

export type ExplainedCandidate = {
  /** Order of trial, from 1. */
  readonly rank: number;
  readonly provider: string;
  readonly provider_model_id: string;
  readonly model_canonical: string;
  readonly tier: string;
  readonly credential: "platform" | "byok";
  /** 0–1, higher is better. */
  readonly score: number;
  readonly terms: {
    /** USD: of this request, of the conversation's later turns, and of the time it takes. */
    readonly cost: ScoreTerm & {
      readonly now: number | null;
      readonly to_go: number | null;
      readonly time: number | null;
    };
    readonly ttft: ScoreTerm;
    readonly throughput: ScoreTerm;
  };
  readonly expected: {
    readonly cost_usd: number | null;
    readonly cost_usd_p95: number | null;
    readonly ttft_ms: number;
    readonly ttft_ms_p95: number;
    readonly throughput_tps: number;
    readonly throughput_tps_p95: number;
    readonly cached_tokens: number;
    readonly cache_hit_probability: number;
    readonly cache_write_tokens: number;
    readonly success_probability: number;
  };
  /** Attempts that its speed was learned from. */
  readonly observations: number;
  readonly state: "closed" | "open" | "half_open";
  /** Why it stands where it stands, in plain words. */
  readonly reasons: readonly string[];
};

export type RejectedCandidate = {
  readonly provider: string;
  readonly provider_model_id: string;
  readonly model_canonical: string;
  /** That of the error, `cooling_down` or `capacity_full`. */
  readonly code: string;
  readonly param: string | null;
  readonly message: string;
  readonly suggestion?: string;
  readonly retry_after_seconds?: number;
};

export type ExplainedAttempt = {
  readonly provider: string;
  readonly provider_model_id: string;
  readonly credential: "platform" | "byok";
  readonly outcome: AttemptOutcome;
  readonly status: number | null;
  readonly duration_ms: number;
  readonly cost_usd: number;
};

/** All that led to a decision (docs/contract.md §19). */
export type RouteExplanationDetail = {
  readonly decision_id: string;
  readonly seed: number;
  readonly snapshot_version: number;
  /** ISO 8601. */
  readonly at: string;
  readonly prompt: {
    readonly tokens: number;
    readonly tokens_low: number;
    readonly tokens_high: number;
  };
  readonly output: {
    readonly tokens_mean: number;
    readonly tokens_p50: number;
    readonly tokens_p95: number;
    readonly cap: number | null;
  };
  /** Each routing field in force. */
  readonly constraints: Readonly<
    Record<
      string,
      {
        readonly value: unknown;
        readonly source: "request" | "suffix" | "workspace" | "default";
      }
    >
  >;
  readonly candidates: readonly ExplainedCandidate[];
  readonly rejected: readonly RejectedCandidate[];
  /** Where cache marks were set; `null` = nowhere. */
  readonly cache_directive: CacheDirective | null;
  readonly hold: {
    readonly usd: number | null;
    readonly scopes: readonly {
      readonly scope_type: string;
      readonly period: string;
      readonly limit_usd: number;
      readonly remaining_usd: number;
    }[];
  };
};

/** That of a request that was answered: with its attempts. */
export type AnsweredExplanation = RouteExplanationDetail & {
  readonly attempts: readonly ExplainedAttempt[];
};

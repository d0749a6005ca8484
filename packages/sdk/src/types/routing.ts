import type { AnsweredExplanation, AttemptOutcome } from "./explanation.ts";

/** The strategies, by the names that code reads well (docs/contract.md §5). */
export const Optimize = {
  COST: "cost",
  COST_FOCUS: "cost-focus",
  TTFT: "ttft",
  TTFT_FOCUS: "ttft-focus",
  TPS: "tps",
  TPS_FOCUS: "tps-focus",
  BALANCED: "balanced",
} as const;

export type Optimize = (typeof Optimize)[keyof typeof Optimize];

export type DataPolicy = "none" | "no_training" | "zdr";

export type RoutingWeights = {
  readonly cost?: number;
  readonly ttft?: number;
  readonly throughput?: number;
};

/** `gateway.routing`; absent fields are the workspace's defaults (docs/contract.md §4). */
export type RoutingOptions = {
  readonly optimize?: Optimize;
  /** Custom strategy; beats `optimize`. */
  readonly weights?: RoutingWeights;
  readonly ttft_percentile?: "p50" | "p95";
  readonly throughput_percentile?: "p50" | "p95";
  /** Mean of list input and output price, USD per million tokens. */
  readonly max_cost_per_1m?: number;
  readonly max_ttft_ms?: number;
  /** Output tokens a second. */
  readonly min_throughput_tps?: number;
  readonly providers?: string[];
  readonly exclude_providers?: string[];
  readonly prefer?: string;
  readonly mode?: "pool" | "fallback";
  readonly allow_fallbacks?: boolean;
  /** Further attempts after the first, 1–19. */
  readonly max_fallback_attempts?: number;
  /** Limit of one attempt. */
  readonly timeout_ms?: number;
  /** Limit of the whole request. */
  readonly deadline_ms?: number;
  readonly data_policy?: DataPolicy;
  readonly only_byok?: boolean;
  readonly only_platform?: boolean;
  readonly require_parameters?: boolean;
  readonly tier?: string;
};

/** Goes to the ledger, never to a provider. */
export type RequestMetadata = {
  readonly tags?: string[];
  readonly user_id?: string;
  readonly trace_id?: string;
  readonly custom_fields?: Record<string, string>;
};

/** `gateway` of a request. */
export type GatewayOptions = {
  readonly routing?: RoutingOptions;
  readonly metadata?: RequestMetadata;
  /** Several models instead of `model`, 1–10. */
  readonly models?: string[];
  /** Asks for the reasons in `routing_metadata.explanation`. */
  readonly explain?: boolean;
};

export type WarningType =
  | "unsupported_parameter"
  | "unsupported_feature"
  | "unsupported_field"
  | "ignored_extension"
  | "unknown_provider"
  | "blocked_field"
  | "provider_timeout";

export type RoutingWarning = {
  readonly type: WarningType;
  readonly code: string;
  readonly message: string;
};

export type RoutingAttempt = {
  readonly provider: string;
  readonly provider_model_id: string;
  readonly outcome: AttemptOutcome;
  readonly status?: number;
  readonly duration_ms: number;
};

/** What the gateway did and what it cost (docs/contract.md §15). */
export type RoutingMetadata = {
  readonly provider: string;
  readonly provider_model_id: string;
  readonly model_canonical: string;
  readonly routing_strategy: string;
  readonly cost: {
    readonly usd: number;
    readonly cache_savings_usd?: number;
    readonly cache_savings_percent?: number;
    readonly hosted_tool_usd?: number;
    /** The provider reported no usage. */
    readonly estimated?: true;
    /** An account of the workspace's own paid. */
    readonly byok?: true;
  };
  /** Streams only. */
  readonly ttft_ms?: number;
  readonly throughput_tps?: number;
  readonly warnings?: readonly RoutingWarning[];
  /** Only if there was more than one. */
  readonly attempts?: readonly RoutingAttempt[];
  /** On demand (docs/contract.md §19). */
  readonly explanation?: AnsweredExplanation;
};

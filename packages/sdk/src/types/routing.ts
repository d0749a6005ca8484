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
  cost?: number;
  ttft?: number;
  throughput?: number;
};

/** `gateway.routing`; absent fields are the workspace's defaults (docs/contract.md §4). */
export type RoutingOptions = {
  optimize?: Optimize;
  /** Custom strategy; beats `optimize`. */
  weights?: RoutingWeights;
  ttft_percentile?: "p50" | "p95";
  throughput_percentile?: "p50" | "p95";
  /** Mean of list input and output price, USD per million tokens. */
  max_cost_per_1m?: number;
  max_ttft_ms?: number;
  /** Output tokens a second. */
  min_throughput_tps?: number;
  providers?: string[];
  exclude_providers?: string[];
  prefer?: string;
  mode?: "pool" | "fallback";
  allow_fallbacks?: boolean;
  /** Further attempts after the first, 1–19. */
  max_fallback_attempts?: number;
  /** Limit of one attempt. */
  timeout_ms?: number;
  /** Limit of the whole request. */
  deadline_ms?: number;
  data_policy?: DataPolicy;
  only_byok?: boolean;
  only_platform?: boolean;
  require_parameters?: boolean;
  tier?: string;
};

/** Goes to the ledger, never to a provider. */
export type RequestMetadata = {
  tags?: string[];
  user_id?: string;
  trace_id?: string;
  custom_fields?: Record<string, string>;
};

/** `gateway` of a request. */
export type GatewayOptions = {
  routing?: RoutingOptions;
  metadata?: RequestMetadata;
  /** Several models instead of `model`, 1–10. */
  models?: string[];
  /** Asks for the reasons in `routing_metadata.explanation`. */
  explain?: boolean;
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
  readonly outcome: string;
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
  readonly explanation?: Readonly<Record<string, unknown>>;
};

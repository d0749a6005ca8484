import type { CacheDirective, RouteExplanationDetail } from "./explanation.ts";
import type { RoutingWarning } from "./routing.ts";

export type RouteEndpoint = "chat_completions" | "responses" | "messages";

export type RouteParams = {
  /** The surface whose body it is. @default "chat_completions" */
  readonly endpoint?: RouteEndpoint;
  /** Repeats a decision on the present snapshot. */
  readonly seed?: number;
};

export type RouteCandidate = {
  readonly provider: string;
  readonly provider_model_id: string;
  readonly model_canonical: string;
  readonly tier: string;
  readonly credential: "platform" | "byok";
  /** 0–1, higher is better. */
  readonly score: number;
  readonly expected: {
    /** `null` = the price is unknown. */
    readonly cost_usd: number | null;
    readonly ttft_ms: number;
    readonly throughput_tps: number;
  };
};

type Decided = {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly endpoint: RouteEndpoint;
  readonly routing_strategy: string;
  readonly weights: { readonly cost: number; readonly ttft: number; readonly throughput: number };
  readonly seed: number;
  /** In the order they would be tried. */
  readonly candidates: readonly RouteCandidate[];
  /** Where cache marks would be set; `null` = nowhere. */
  readonly cache_directive: CacheDirective | null;
  /** What would be set aside for the first; `null` = its price is unknown. */
  readonly hold_usd: number | null;
  readonly warnings: readonly RoutingWarning[];
};

/** Where a request would go (docs/contract.md §19). */
export type RouteDecision = Decided & { readonly object: "route.decision" };

/** Why a request would fail. */
export type RouteError = {
  readonly message: string;
  readonly type: string;
  readonly code: string;
  readonly param: string | null;
  /** HTTP status that the call would get. */
  readonly status: number;
  readonly provider?: string;
  readonly suggestion?: string;
};

/** Where a request would go, and why. */
export type RouteExplanation = Decided & {
  readonly object: "route.explanation";
  /** `null` = somebody is left. */
  readonly error: RouteError | null;
  readonly explanation: RouteExplanationDetail;
};

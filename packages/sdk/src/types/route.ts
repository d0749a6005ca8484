import type { RoutingWarning } from "./routing.ts";

export type RouteEndpoint = "chat_completions" | "responses" | "messages";

export type RouteParams = {
  /** The way in whose body it is. @default "chat_completions" */
  endpoint?: RouteEndpoint;
  /** Repeats a decision on the present snapshot. */
  seed?: number;
};

export type RouteCandidate = {
  readonly provider: string;
  readonly provider_model_id: string;
  readonly model_canonical: string;
  readonly tier: string;
  readonly credential: "platform" | "byok";
  readonly score: number;
  readonly expected: {
    readonly cost_usd: number | null;
    readonly ttft_ms: number;
    readonly throughput_tps: number;
  };
};

type Decided = {
  readonly id: string;
  readonly created: number;
  readonly endpoint: RouteEndpoint;
  readonly routing_strategy: string;
  readonly weights: { readonly cost: number; readonly ttft: number; readonly throughput: number };
  readonly seed: number;
  /** In the order they would be tried. */
  readonly candidates: readonly RouteCandidate[];
  readonly cache_directive: Readonly<Record<string, unknown>> | null;
  readonly hold_usd: number | null;
  readonly warnings: readonly RoutingWarning[];
};

/** Where a request would go (docs/contract.md §19). */
export type RouteDecision = Decided & { readonly object: "route.decision" };

/** The same, and why. */
export type RouteExplanation = Decided & {
  readonly object: "route.explanation";
  /** Why nothing is left; `null` = somebody is. */
  readonly error: Readonly<Record<string, unknown>> | null;
  readonly explanation: Readonly<Record<string, unknown>>;
};

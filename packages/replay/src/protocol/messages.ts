import type { ListedProvider, VirtualErrorKind } from "@pointsman/simulator";

/** What a replay optimises for. */
export const goals = [
  "cost-focus",
  "cost",
  "balanced",
  "ttft",
  "ttft-focus",
  "tps",
  "tps-focus",
] as const;
export type Goal = (typeof goals)[number];

/** The world as a policy may know it. */
export type HelloWorld = {
  readonly name: string;
  readonly model: string;
  readonly block_tokens: number;
  readonly max_attempts: number;
  /** What a second of TTFT is worth under the goal `balanced`. */
  readonly usd_per_s: number;
  readonly slo: { readonly ttft_ms: number; readonly ttft_ms_per_1k_in: number };
  readonly providers: readonly ListedProvider[];
};

/** First message of all. */
export type Hello = {
  readonly type: "hello";
  readonly version: 1;
  readonly goal: Goal;
  readonly world: HelloWorld;
};

/** A request that has just arrived. Times are ms of simulated time. */
export type RequestMessage = {
  readonly type: "request";
  readonly id: string;
  readonly t_ms: number;
  readonly model: string;
  readonly session?: string;
  readonly in_tokens: number;
  readonly blocks: readonly number[];
};

/** Asks what to do after an attempt failed. */
export type RetryMessage = {
  readonly type: "retry";
  readonly id: string;
  readonly t_ms: number;
  /** The attempt to come. */
  readonly attempt: number;
  /** The provider that failed. */
  readonly provider: string;
  readonly error: VirtualErrorKind;
  readonly retry_after_ms?: number;
};

/** `in` is the whole prompt; the other prompt buckets are disjoint parts of it. */
export type UsageMessage = {
  readonly in: number;
  readonly cached: number;
  readonly write: number;
  readonly write_1h: number;
  readonly out: number;
};

type EventOf<Name extends string> = {
  readonly type: "event";
  readonly event: Name;
  readonly id: string;
  readonly attempt: number;
  readonly provider: string;
  readonly t_ms: number;
};

/** Something that has happened; `ttft_ms` and `total_ms` count from the attempt's start. */
export type EventMessage =
  | (EventOf<"first_token"> & { readonly ttft_ms: number })
  | (EventOf<"done"> & {
      readonly ttft_ms: number;
      readonly total_ms: number;
      readonly usage: UsageMessage;
      readonly cost_usd: number;
    })
  | (EventOf<"error"> & {
      readonly error: VirtualErrorKind;
      readonly retry_after_ms?: number;
      readonly usage: UsageMessage;
      readonly cost_usd: number;
    });

export type DriverMessage =
  | Hello
  | RequestMessage
  | RetryMessage
  | EventMessage
  | { readonly type: "end" };

export type Ready = { readonly type: "ready"; readonly name: string };

/** Where one attempt goes, as decisions and decision logs say it. */
export type Placement = {
  readonly provider: string;
  /** Only for providers with explicit caches. */
  readonly cache?: readonly { readonly upto: number; readonly ttl: "5m" | "1h" }[];
  /** The attempt is given up if no token came by then. @default 60000 */
  readonly ttft_timeout_ms?: number;
  /** Start of the attempt; absent or past = now. */
  readonly t_ms?: number;
  readonly predicted_cost_usd?: number;
  readonly predicted_ttft_ms?: number;
};

export type DecisionMessage = Placement & { readonly type: "decision"; readonly id: string };

export type Answer = DecisionMessage | { readonly type: "give_up"; readonly id: string };

export type PolicyMessage = Ready | Answer;

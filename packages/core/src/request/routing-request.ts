import type {
  Capability,
  Credential,
  DataPolicy,
  Endpoint,
  UpstreamWire,
} from "../offering/offering.ts";

/** The seven presets. */
export type StrategyName =
  | "cost"
  | "cost-focus"
  | "ttft"
  | "ttft-focus"
  | "tps"
  | "tps-focus"
  | "balanced";

/** Weights of the three dimensions, finite, >= 0, at least one > 0; they need not add up to one. */
export type StrategyWeights = {
  readonly cost?: number;
  readonly ttft?: number;
  readonly throughput?: number;
};

/** Hard limits a request may set; every absent one admits everything. */
export type Constraints = {
  /** Mean of list input and output price, USD per million tokens. */
  readonly maxCostPer1m?: number;
  /** Ceiling of the p50 of TTFT. */
  readonly maxTtftMs?: number;
  /** Floor of the p50 of output tokens a second. */
  readonly minThroughputTps?: number;
  /** Only these providers; absent = all, empty = none. */
  readonly providers?: readonly string[];
  readonly excludeProviders?: readonly string[];
  readonly dataPolicy?: DataPolicy;
  readonly onlyByok?: boolean;
  readonly onlyPlatform?: boolean;
  /** Every parameter of `RoutingNeeds.parameters` must be taken. */
  readonly requireParameters?: boolean;
  /** A premium tier; absent = standard only. */
  readonly tier?: string;
};

/** What the request needs an offering to do. */
export type RoutingNeeds = {
  readonly endpoint: Endpoint;
  readonly capabilities: readonly Capability[];
  /** Optional parameters the request uses, wire names (`top_p`, `seed`, …). */
  readonly parameters: readonly string[];
  /** The only wire that carries the request, and what of it makes it so. @default any wire does */
  readonly onlyWire?: { readonly wire: UpstreamWire; readonly for: "hosted_tool" | "input" };
};

/** The prompt's length; estimates come from bytes where no exact count is given. */
export type PromptSize = {
  /** UTF-8 bytes of all text the model will see. */
  readonly bytes: number;
  /** Exact count, if somebody has one (a tokenizer, a replayed trace). */
  readonly tokens?: number;
  /** Tokens that bytes do not show, such as images. */
  readonly extraTokens?: number;
};

/** A link of the prefix chain: the hash of everything up to here, and its length in tokens. */
export type PrefixLink = { readonly hash: number; readonly tokens: number };

/** One request as core sees it: no text, only sizes, hashes, needs and wishes. */
export type RoutingRequest = {
  /** Workspace that asks: what is learned of its traffic is kept apart. */
  readonly workspace: string;
  /** Canonical model ids, at least one. */
  readonly models: readonly [string, ...string[]];
  /** `pool` ranks all models together, `fallback` all of the first before any of the second. */
  readonly mode: "pool" | "fallback";
  readonly needs: RoutingNeeds;
  /** Usable accounts, own keys first. */
  readonly credentials: readonly Credential[];
  readonly prompt: PromptSize;
  /** Longest last; empty = nothing is known to be shared. */
  readonly prefix: readonly PrefixLink[];
  /** Conversation, if the caller names one. */
  readonly session?: string;
  /** Caller's cap on output tokens, reasoning included. */
  readonly maxOutputTokens?: number;
  /**
   * Kind of answer (`chat`, `tools`, `json`, the caller's own word): lengths are learned of each kind
   * apart, as far as `attempt_ended` names it too.
   */
  readonly outputHint?: string;
  /** Level of reasoning asked for; time-outs are learned of each apart, as far as `attempt_ended` names it too. */
  readonly reasoningEffort?: string;
  readonly stream: boolean;
  readonly strategy: StrategyName | StrategyWeights;
  readonly ttftPercentile: "p50" | "p95";
  readonly throughputPercentile: "p50" | "p95";
  readonly constraints: Constraints;
  /** Soft wish: first if it is a candidate. */
  readonly prefer?: string;
  /** Further candidates after the first, 0 = none. */
  readonly maxFallbackAttempts: number;
  readonly slo?: { readonly ttftMs: number; readonly ttftMsPer1kIn: number };
  /** Absolute value of time; absent = relative (3 % of the mean request cost a second). */
  readonly valueOfTimeUsdPerSecond?: number;
};

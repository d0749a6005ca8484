export { addUsage } from "./usage/add-usage.ts";
export { completionTokensOf, emptyUsage, promptTokensOf, usageBuckets } from "./usage/usage.ts";
export { cacheSavingsOf } from "./cost/cache-savings.ts";
export { cacheStorageCostOf } from "./cost/cache-storage.ts";
export { costOf } from "./cost/cost-of.ts";
export { flatSchedule } from "./cost/flat-schedule.ts";
export { meanListPriceUsdPer1m } from "./cost/list-price.ts";
export { periodAt, ratesFor } from "./cost/price-period.ts";
export { picoPerTokenFromUsdPerMtok, usdFromPico, usdPerMtokFromPico } from "./cost/usd.ts";
export { estimateOutputTokens } from "./tokens/output-tokens.ts";
export { estimatePromptTokens } from "./tokens/prompt-tokens.ts";
export { observe } from "./state/observe.ts";
export { merge } from "./state/merge.ts";
export { restore, serialise } from "./state/serialise.ts";
export {
  addToSketch,
  mergeSketches,
  newQuantileSketch,
  quantileOf,
} from "./latency/quantile-sketch.ts";
export { createRouterState, freeze, withOfferings } from "./state/router-state.ts";
export { decide } from "./decide/decide.ts";
export { hedgeOf } from "./decide/hedge.ts";
export type { Hedge } from "./decide/hedge.ts";
export { react } from "./decide/react.ts";
export { timeLimitOf } from "./decide/time-limits.ts";
export { explain } from "./explain/explain.ts";

export type { Usage } from "./usage/usage.ts";
export type {
  CachePolicy,
  DayWindow,
  PricePeriod,
  PriceSchedule,
  PriceTier,
  Rates,
} from "./cost/price-schedule.ts";
export type { CacheSavings } from "./cost/cache-savings.ts";
export type { CacheStorage } from "./cost/cache-storage.ts";
export type { FlatPrices, FlatRates } from "./cost/flat-schedule.ts";
export type {
  Capability,
  Credential,
  DataPolicy,
  Endpoint,
  Offering,
  UpstreamWire,
} from "./offering/offering.ts";
export type {
  Constraints,
  PrefixLink,
  PromptSize,
  RoutingNeeds,
  RoutingRequest,
  StrategyName,
  StrategyWeights,
} from "./request/routing-request.ts";
export type { OutputEstimate, OutputQuestion } from "./tokens/output-tokens.ts";
export type { PromptEstimate } from "./tokens/prompt-tokens.ts";
export type { LatencyPrior } from "./latency/latency-fit.ts";
export type { Breaker, BreakerOptions } from "./health/breaker.ts";
export type { OutcomeKind } from "./health/outcome.ts";
export type { RateLimits } from "./health/rate-window.ts";
export type { RetryOptions } from "./health/retry-budget.ts";
export type { RouterEvent } from "./state/router-event.ts";
export type { CompleteRouterOptions, RouterOptions } from "./state/router-options.ts";
export type { SerialisedState } from "./state/serialise.ts";
export type {
  OfferingFilter,
  OutputEstimator,
  Plugs,
  ScoreFunction,
  ScoreQuestion,
  Tokenizer,
} from "./plugs/plugs.ts";
export type { QuantileSketch } from "./latency/quantile-sketch.ts";
export type { RouterState } from "./state/router-state.ts";
export type {
  CacheDirective,
  Candidate,
  Decision,
  Expected,
  Rejection,
  RejectionCode,
} from "./decide/decision.ts";
export type { DecideOptions } from "./decide/evaluate.ts";
export type { ReactOptions } from "./decide/react.ts";
export type { AttemptRecord, Reaction, StopCode } from "./decide/reaction.ts";
export type {
  ExplainedCandidate,
  ExplainedCost,
  ExplainedExpectation,
  ExplainedRejection,
  ExplainedTerm,
  Explanation,
} from "./explain/explanation.ts";

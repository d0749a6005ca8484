export { completionTokensOf, emptyUsage, promptTokensOf } from "./usage/usage.ts";
export type { Usage } from "./usage/usage.ts";
export type {
  CachePolicy,
  DayWindow,
  PricePeriod,
  PriceSchedule,
  PriceTier,
  Rates,
} from "./cost/price-schedule.ts";
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
export type { OutcomeKind } from "./health/outcome.ts";
export type {
  CacheDirective,
  Candidate,
  Decision,
  Expected,
  Rejection,
  RejectionCode,
} from "./decide/decision.ts";
export type { RouterEvent } from "./state/router-event.ts";
export type { AttemptRecord, Reaction, StopCode } from "./decide/reaction.ts";

export { lowerBoundUsd } from "./bound/lower-bound.ts";
export { replay } from "./drive/replay.ts";
export { figuresOf } from "./figures/figures.ts";
export { cheapestPolicy } from "./policy/cheapest.ts";
export { logPolicy, readDecisionLog } from "./policy/decision-log.ts";
export { fixedPolicy } from "./policy/fixed.ts";
export { namedPolicy, policyNames } from "./policy/named-policy.ts";
export { recording } from "./policy/recording.ts";
export { pointsmanPolicy } from "./pointsman/pointsman-policy.ts";
export { childPolicy } from "./protocol/child-policy.ts";
export { goals } from "./protocol/messages.ts";
export { servePolicy } from "./protocol/serve-policy.ts";
export { comparisonPlot, shownFigures } from "./report/comparison.ts";
export { runReplay } from "./run-replay.ts";
export { bundledTraces, bundledWorlds, openTrace, openWorld } from "./trace/bundled.ts";
export { readTrace } from "./trace/read-trace.ts";

export type { ReplayOptions } from "./drive/replay.ts";
export type { Prediction, RequestRecord, Tally } from "./drive/tally.ts";
export type { Distribution } from "./figures/distribution.ts";
export type { Figures, PredictionError } from "./figures/figures.ts";
export type { DecisionLog } from "./policy/decision-log.ts";
export type { Recording } from "./policy/recording.ts";
export type { PointsmanOptions } from "./pointsman/pointsman-policy.ts";
export type { Policy } from "./policy/policy.ts";
export type { ChildPolicyOptions } from "./protocol/child-policy.ts";
export type { PolicyResult, ShownFigure } from "./report/comparison.ts";
export type {
  Answer,
  DecisionMessage,
  DriverMessage,
  EventMessage,
  Goal,
  Hello,
  HelloWorld,
  Placement,
  PolicyMessage,
  Ready,
  RequestMessage,
  RetryMessage,
  UsageMessage,
} from "./protocol/messages.ts";
export type { Trace, TraceRequest } from "./trace/read-trace.ts";

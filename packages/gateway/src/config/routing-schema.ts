import {
  flag,
  listOf,
  oneOf,
  positive,
  statedOnly,
  nonNegative,
  strictMap,
  text,
  wholeNumber,
} from "./schema-parts.ts";

const strategies = [
  "cost",
  "cost-focus",
  "ttft",
  "ttft-focus",
  "tps",
  "tps-focus",
  "balanced",
] as const;

const percentile = oneOf(["p50", "p95"]);
const weight = nonNegative.nullish();

const weights = strictMap({ cost: weight, ttft: weight, throughput: weight }).refine(
  ({ cost, ttft, throughput }) => (cost ?? 0) + (ttft ?? 0) + (throughput ?? 0) > 0,
  { error: "at least one weight above 0" },
);

const routingMap = strictMap({
  optimize: oneOf(strategies).nullish(),
  weights: weights.nullish(),
  ttft_percentile: percentile.nullish(),
  throughput_percentile: percentile.nullish(),
  max_cost_per_1m: positive.nullish(),
  max_ttft_ms: wholeNumber(1).nullish(),
  min_throughput_tps: positive.nullish(),
  providers: listOf(text).nullish(),
  exclude_providers: listOf(text).nullish(),
  prefer: text.nullish(),
  mode: oneOf(["pool", "fallback"]).nullish(),
  allow_fallbacks: flag.nullish(),
  max_fallback_attempts: wholeNumber(1, 19).nullish(),
  timeout_ms: wholeNumber(1).nullish(),
  deadline_ms: wholeNumber(1).nullish(),
  data_policy: oneOf(["none", "no_training", "zdr"]).nullish(),
  only_byok: flag.nullish(),
  only_platform: flag.nullish(),
  require_parameters: flag.nullish(),
  tier: text.nullish(),
});

/** A workspace's defaults for `gateway.routing`, in the names of the wire. */
export const routingSchema = routingMap.transform(({ weights: given, ...rest }) => ({
  ...statedOnly(rest),
  ...(given ? { weights: statedOnly(given) } : {}),
}));
